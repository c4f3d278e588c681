import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'

/** One facility's, or at all facilities those that were refused for a reason. */
export type Again =
  | { kind: 'facility'; nodeName: string; name: string }
  | { kind: 'reason'; reason: string; facilities: number }

export function RetryModal({ again, onClose }: { again: Again; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const isReason = again.kind === 'reason'
  return (
    <DeedModal
      title={
        isReason
          ? t('refused.everywhereTitle', { count: again.facilities })
          : t('refused.againTitle', { name: again.name })
      }
      effect={isReason ? t('refused.everywhereEffect', { reason: again.reason }) : t('refused.againEffect')}
      verb={t('refused.again')}
      onDo={async () => {
        const path = isReason ? '/operator/refused/retry' : `/operator/nodes/${again.nodeName}/refused/retry`
        await ask(path, { method: 'POST', body: isReason ? { reason: again.reason } : {} })
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    />
  )
}
