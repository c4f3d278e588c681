import { useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RegistrationSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'

export function RejectModal({ registration, onClose }: { registration: RegistrationSummary; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { id, name } = registration
  return (
    <DeedModal
      title={t('registrations.rejectTitle', { name })}
      effect={t('registrations.rejectEffect')}
      verb={t('registrations.reject')}
      isGrave
      reason={{ label: t('registrations.reason'), hint: t('registrations.reasonHint') }}
      onDo={async (reason) => {
        await ask(`/operator/registrations/${id}/reject`, { method: 'POST', body: { reason } })
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    />
  )
}
