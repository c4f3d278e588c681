import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'

export function RetryModal({ nodeName, name, onClose }: { nodeName: string; name: string; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  return (
    <DeedModal
      title={t('refused.againTitle', { name })}
      effect={t('refused.againEffect')}
      verb={t('refused.again')}
      onDo={async () => {
        await ask(`/operator/nodes/${nodeName}/refused/retry`, { method: 'POST', body: {} })
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    />
  )
}
