import { useCallback } from 'react'
import { useSearchParams } from 'react-router'
import { COLUMNS, type Column, SHOWN, type TableQuery } from './facility-table'

/** What is shown stands in the address, so that going back shows the same again, and it can be sent to somebody. */
export function useTableQuery(): [
  TableQuery & { page: number },
  (part: Partial<TableQuery & { page: number }>) => void,
] {
  const [params, setParams] = useSearchParams()
  const sort = params.get('sort') ?? 'standing'
  const column = sort.replace(/^-/, '')
  const state = params.get('state')
  const page = Number(params.get('page') ?? 0)
  const query = {
    text: params.get('q') ?? '',
    shown: SHOWN.find((one) => one === state),
    column: COLUMNS.includes(column as Column) ? (column as Column) : 'standing',
    isDescending: sort.startsWith('-'),
    page: Number.isInteger(page) && page > 0 ? page : 0,
  } as const
  const change = useCallback(
    (part: Partial<TableQuery & { page: number }>) => {
      // Another question begins at its first page.
      const next = { ...query, page: 0, ...part }
      const said: Record<string, string> = {
        ...(next.text !== '' && { q: next.text }),
        ...(next.shown && { state: next.shown }),
        ...((next.column !== 'standing' || next.isDescending) && {
          sort: `${next.isDescending ? '-' : ''}${next.column}`,
        }),
        ...(next.page > 0 && { page: String(next.page) }),
      }
      setParams(said, { replace: true })
    },
    [query, setParams],
  )
  return [query, change]
}
