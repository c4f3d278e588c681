import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import type { AuditList, BtgList, NodeList } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { LIVE } from '../live'
import { useSession } from '../session/use-session'

const ON_A_PAGE = '50'

/** Page after page of the audit, the newest first; what was written stays as it is, so nothing is asked again by itself. */
export function useAudit(query: URLSearchParams, isAsked = true) {
  return useInfiniteQuery({
    queryKey: ['audit', query.toString()],
    queryFn: ({ pageParam, signal }) => {
      const page = new URLSearchParams(query)
      page.set('order', 'newest')
      page.set('limit', ON_A_PAGE)
      if (pageParam !== '') page.set('cursor', pageParam)
      return ask<AuditList>(`/operator/audit?${page}`, { signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    enabled: isAsked,
  })
}

export function useBrokenGlass(status: 'open' | 'reviewed') {
  return useInfiniteQuery({
    queryKey: ['btg', status],
    queryFn: ({ pageParam, signal }) => {
      const cursor = pageParam === '' ? '' : `&cursor=${encodeURIComponent(pageParam)}`
      return ask<BtgList>(`/operator/btg?status=${status}&limit=${ON_A_PAGE}${cursor}`, { signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    ...LIVE,
  })
}

/** Facilities by the names of their nodes, for whom the hub tells them to; others see the ID. */
export function useFacilityNames(): (nodeName: string) => string {
  const isTold = useSession().may('look')
  const { data } = useQuery({
    queryKey: ['nodes'],
    queryFn: ({ signal }) => ask<NodeList>('/operator/nodes', { signal }),
    enabled: isTold,
  })
  const names = new Map(data?.nodes.map(({ nodeName, name, externalId }) => [nodeName, `${name} (${externalId})`]))
  return (nodeName) => names.get(nodeName) ?? nodeName.replace(/^node-/, '')
}
