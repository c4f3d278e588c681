import { useInfiniteQuery } from '@tanstack/react-query'
import type { ImportList } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'

export const IMPORTS_KEY = ['imports']
const PAGE = 20
/** While something is open, and while nothing is. */
const SOON_MS = 1_500
const SELDOM_MS = 20_000

export function useImports() {
  return useInfiniteQuery({
    queryKey: IMPORTS_KEY,
    queryFn: ({ signal, pageParam }) =>
      ask<ImportList>(`/imports?limit=${PAGE}${pageParam && `&before=${pageParam}`}`, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => {
      const tickets = state.data?.pages.flatMap(({ imports }) => imports) ?? []
      return tickets.some(({ status }) => status === 'waiting' || status === 'running') ? SOON_MS : SELDOM_MS
    },
  })
}
