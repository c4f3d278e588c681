import { List, Text, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegistrationSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { comparedWith } from './pairing'

/** Accepting goes through the telephone: what they read out is typed here, and has to be the code of this request. */
export function AcceptModal({ registration, onClose }: { registration: RegistrationSummary; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const { id, name, externalId, pairingCode } = registration
  const compared = comparedWith(pairingCode, typed)
  return (
    <DeedModal
      title={t('registrations.acceptTitle', { name })}
      effect={
        <List type="ordered" spacing={4}>
          <List.Item>{t('registrations.call')}</List.Item>
          <List.Item>{t('registrations.readOut')}</List.Item>
        </List>
      }
      verb={t('registrations.accept')}
      isReady={compared === 'same'}
      onDo={async () => {
        await ask(`/operator/registrations/${id}/accept`, { method: 'POST', body: {} })
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    >
      <TextInput
        label={t('registrations.heard')}
        value={typed}
        onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        error={compared === 'different' && t('registrations.different')}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: '1.25rem' } }}
        autoComplete="off"
        autoCapitalize="characters"
        spellCheck={false}
        maxLength={12}
        data-autofocus
        required
      />
      <Text size="sm" className="kit-quiet">
        {t('registrations.acceptEffect', { name, externalId })}
      </Text>
    </DeedModal>
  )
}
