import { Alert } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegistrationSummary, RejectAllResult } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'

interface RejectModalProps {
  readonly registrations: readonly RegistrationSummary[]
  readonly onClose: () => void
  /** Told of those that are decided now, by whomever. */
  readonly onDone?: () => void
}

/** One, or many with one reason. */
export function RejectModal({ registrations, onClose, onDone }: RejectModalProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  // The list may get new ones meanwhile: what is rejected is what was chosen.
  const [chosen] = useState(registrations)
  const [one] = chosen
  const title =
    chosen.length === 1 && one
      ? t('registrations.rejectTitle', { name: one.name })
      : t('registrations.rejectManyTitle', { count: chosen.length })
  return (
    <DeedModal
      title={title}
      effect={t(chosen.length === 1 ? 'registrations.rejectEffect' : 'registrations.rejectManyEffect')}
      verb={t('registrations.reject')}
      isGrave
      reason={{ label: t('registrations.reason'), hint: t('registrations.reasonHint') }}
      onDo={async (reason) => {
        if (chosen.length === 1 && one) {
          await ask(`/operator/registrations/${one.id}/reject`, { method: 'POST', body: { reason } })
        } else {
          const body = { ids: chosen.map(({ id }) => id), reason }
          await ask<RejectAllResult>('/operator/registrations/reject', { method: 'POST', body })
        }
        await queries.invalidateQueries()
        onDone?.()
      }}
      onClose={onClose}
    >
      {chosen.length > 1 && (
        <Alert color="yellow">
          {chosen
            .slice(0, NAMED)
            .map(({ externalId, name }) => `${externalId} ${name}`)
            .join(' · ')}
          {chosen.length > NAMED && ` · ${t('registrations.andMore', { count: chosen.length - NAMED })}`}
        </Alert>
      )}
    </DeedModal>
  )
}

const NAMED = 8
