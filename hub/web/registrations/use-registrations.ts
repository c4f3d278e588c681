import { useQuery } from '@tanstack/react-query'
import type { NodeList, RegistrationList } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { LIVE } from '../live'

/** @param status  without it all, the decided ones too */
export function useRegistrations(status?: 'pending') {
  return useQuery({
    queryKey: ['registrations', status ?? 'all'],
    queryFn: ({ signal }) =>
      ask<RegistrationList>(`/operator/registrations${status ? `?status=${status}` : ''}`, { signal }),
    ...LIVE,
  })
}

export function useNodes() {
  return useQuery({
    queryKey: ['nodes'],
    queryFn: ({ signal }) => ask<NodeList>('/operator/nodes', { signal }),
    ...LIVE,
  })
}
