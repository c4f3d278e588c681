import { useQuery } from '@tanstack/react-query'
import type { Statistics } from '../../../schemas/generated/types'
import { AskError, ask } from '../../../web-kit/ask'
import { pathOf, type StatisticsQuery } from './statistics-query'

/** New counts, and another look while the first are being made. */
const LATER_MS = 60_000
const SOON_MS = 5_000
const MOST_TRIES = 2

interface StatisticsAsked {
  /** The answer to this very question. */
  readonly told: Statistics | undefined
  /** The same, or the answer to the question before while this one's is on its way. */
  readonly last: Statistics | undefined
  /** The hub makes its first counts: they come by themselves. */
  readonly isPreparing: boolean
  readonly error: Error | null
  readonly ask: () => void
}

/** What the hub counts, asked anew again and again. */
export function useStatistics(query: StatisticsQuery): StatisticsAsked {
  const path = pathOf(query)
  const { data, error, refetch, isPlaceholderData } = useQuery({
    queryKey: ['statistics', path],
    queryFn: ({ signal }) => answered(path, signal),
    placeholderData: (before) => before,
    retry: (count, problem) => count < MOST_TRIES && !isRefused(problem),
    refetchInterval: ({ state }) => (state.data === 'preparing' ? SOON_MS : LATER_MS),
  })
  const isPreparing = data === 'preparing'
  const last = isPreparing ? undefined : data
  return { told: isPlaceholderData ? undefined : last, last, isPreparing, error, ask: () => void refetch() }
}

/** That there are no counts yet is an answer, and stands until there is another one; an error would be forgotten at each new try. */
async function answered(path: string, signal: AbortSignal): Promise<Statistics | 'preparing'> {
  try {
    return await ask<Statistics>(path, { signal })
  } catch (problem) {
    if (problem instanceof AskError && problem.code === 'COUNTS_NOT_READY') return 'preparing'
    throw problem
  }
}

/** What was refused is refused again. */
function isRefused(error: unknown): boolean {
  return error instanceof AskError && error.status > 0 && error.status < 500
}
