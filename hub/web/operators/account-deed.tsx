import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorSummary } from '../../../schemas/generated/types'
import { type AskOptions, ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { PasswordField } from './new-password'
import { RoleChoice } from './role-choice'

export interface AccountDoing {
  readonly kind: 'password' | 'role' | 'unlock' | 'totp' | 'remove'
  readonly account: OperatorSummary
}

/** What an operator does to the account of another. */
export function AccountDeed({ doing, onClose }: { doing: AccountDoing; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { kind, account } = doing
  const { name } = account
  const [role, setRole] = useState(account.role)
  const [password, setPassword] = useState('')
  const [currentPassword, setCurrent] = useState('')
  const path = `/operator/operators/${encodeURIComponent(name)}`
  const requests: Readonly<Record<AccountDoing['kind'], readonly [string, AskOptions]>> = {
    password: [`${path}/password`, { method: 'POST', body: { password, currentPassword } }],
    role: [`${path}/role`, { method: 'POST', body: { role, currentPassword } }],
    unlock: [`${path}/unlock`, { method: 'POST', body: { currentPassword } }],
    totp: [`${path}/totp`, { method: 'DELETE', body: { currentPassword } }],
    remove: [path, { method: 'DELETE', body: { currentPassword } }],
  }
  return (
    <DeedModal
      title={t(`operators.deed.${kind}.title`, { name })}
      effect={t(`operators.deed.${kind}.effect`, { name })}
      verb={t(`operators.deed.${kind}.verb`)}
      isGrave={kind === 'remove' || kind === 'totp'}
      isReady={kind !== 'role' || role !== account.role}
      onDo={async () => {
        await ask(...requests[kind])
        await queries.invalidateQueries({ queryKey: ['operators'] })
      }}
      onClose={onClose}
    >
      {kind === 'role' && <RoleChoice value={role} onChange={setRole} />}
      {kind === 'password' && <PasswordField value={password} onChange={setPassword} isFirst />}
      <PasswordField
        kind="confirm"
        value={currentPassword}
        onChange={setCurrent}
        isFirst={kind !== 'password' && kind !== 'role'}
      />
    </DeedModal>
  )
}
