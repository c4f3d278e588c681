import { PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

type Kind = 'present' | 'new' | 'confirm'

const WORDS: Readonly<Record<Kind, { label: string; hint?: string }>> = {
  present: { label: 'operators.presentPassword' },
  new: { label: 'operators.newPassword', hint: 'operators.passwordHint' },
  confirm: { label: 'operators.yourPassword', hint: 'operators.yourPasswordWhy' },
}

interface PasswordFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  /** The one that counts now, the one to come, or the own one before something is done to another's account. */
  readonly kind?: Kind
  readonly isFirst?: boolean
}

export function PasswordField({ value, onChange, kind = 'new', isFirst = false }: PasswordFieldProps) {
  const { t } = useTranslation()
  const { label, hint } = WORDS[kind]
  return (
    <PasswordInput
      label={t(label)}
      {...(hint && { description: t(hint) })}
      value={value}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
      maxLength={200}
      autoComplete={kind === 'new' ? 'new-password' : 'current-password'}
      visibilityToggleButtonProps={{ 'aria-label': t('session.show'), tabIndex: 0 }}
      required
      {...(isFirst && { 'data-autofocus': true })}
    />
  )
}
