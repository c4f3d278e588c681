/** As the form of the search has them; days are the reader's own. */
export interface AuditFilters {
  readonly mrn: string
  readonly node: string
  readonly operator: string
  readonly kind: string
  readonly outcome: string
  readonly from: string
  readonly to: string
}

export const FILTERS = ['mrn', 'node', 'operator', 'kind', 'outcome', 'from', 'to'] as const

export function filtersIn(params: URLSearchParams): AuditFilters {
  const [mrn = '', node = '', operator = '', kind = '', outcome = '', from = '', to = ''] = FILTERS.map(
    (name) => params.get(name) ?? '',
  )
  return { mrn, node, operator, kind, outcome, from, to }
}

/** For the address of the page: what is empty is left out. */
export function saidOf(filters: AuditFilters): Record<string, string> {
  return Object.fromEntries(FILTERS.flatMap((name) => (filters[name] === '' ? [] : [[name, filters[name]]])))
}

/** For the hub: a facility may be named by its ID alone, and the last day is meant with all its hours. */
export function queryOf(filters: AuditFilters): URLSearchParams {
  const { node, from, to, mrn, ...others } = filters
  const query = new URLSearchParams(saidOf({ ...others, node: '', from: '', to: '', mrn: mrn.trim().toUpperCase() }))
  const name = node.trim()
  if (name !== '') query.set('node', name.startsWith('node-') ? name : `node-${name.toUpperCase()}`)
  if (from !== '') query.set('from', startOf(from, 0))
  if (to !== '') query.set('to', startOf(to, 1))
  return query
}

/** The moment at which a day begins here, or the day so many after it. */
function startOf(day: string, daysLater: number): string {
  const date = new Date(`${day}T00:00:00`)
  date.setDate(date.getDate() + daysLater)
  return Number.isNaN(date.getTime()) ? day : date.toISOString()
}
