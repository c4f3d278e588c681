import { TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorRequest } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { PasswordField } from './new-password'
import { RoleChoice } from './role-choice'

export function AddOperator({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [account, setAccount] = useState<Required<OperatorRequest>>({
    name: '',
    role: 'viewer',
    password: '',
    currentPassword: '',
  })
  const set = (part: Partial<OperatorRequest>) => setAccount((before) => ({ ...before, ...part }))
  return (
    <DeedModal
      title={t('operators.add')}
      effect={t('operators.addNote')}
      verb={t('operators.add')}
      onDo={async () => {
        const name = account.name.trim().toLowerCase()
        await ask('/operator/operators', { method: 'POST', body: { ...account, name } })
        await queries.invalidateQueries({ queryKey: ['operators'] })
      }}
      onClose={onClose}
    >
      <TextInput
        label={t('operators.name')}
        description={t('operators.nameHint')}
        value={account.name}
        onChange={({ currentTarget }) => set({ name: currentTarget.value })}
        pattern="\s*[A-Za-z][A-Za-z0-9._\-]{1,31}\s*"
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        required
        data-autofocus
      />
      <RoleChoice value={account.role} onChange={(role) => set({ role })} />
      <PasswordField value={account.password} onChange={(password) => set({ password })} />
      <PasswordField
        kind="confirm"
        value={account.currentPassword}
        onChange={(currentPassword) => set({ currentPassword })}
      />
    </DeedModal>
  )
}
