import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { AppChanges } from '../../../schemas/generated/types'
import { openSharedStream } from '../../../web-kit/shared-stream'
import { isConcerned } from './concerned'

/** Of one version on purpose, or of none: nothing that others do changes it. */
const OWN_BUSINESS = ['icd10-titles', 'history']

/** What others write is seen while it happens: pages that show it ask again. */
export function LiveChanges({ onEnded }: { onEnded: () => void }) {
  const queries = useQueryClient()
  useEffect(() => {
    let isFirst = true
    const follow = (event: AppChanges) => {
      const { kind, changed = [] } = event
      if (kind === 'ended') return onEnded()
      // What was read before the line was open may lack something.
      const isAll = kind === 'all' || isFirst
      isFirst = false
      void queries.invalidateQueries({
        predicate: (query) => {
          if (OWN_BUSINESS.includes(String(query.queryKey[0]))) return false
          return isAll || isConcerned(query, changed)
        },
      })
    }
    return openSharedStream({
      path: '/app/changes',
      names: ['changes'],
      onNews: (news) => news.kind === 'event' && follow(JSON.parse(news.data) as AppChanges),
    })
  }, [queries, onEnded])
  return null
}
