import { PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface PasswordFieldProps {
  readonly value: string
  readonly onChange: (value: string) => void
  /** The one that counts now, or the one to come. */
  readonly kind?: 'present' | 'new'
  readonly isFirst?: boolean
}

export function PasswordField({ value, onChange, kind = 'new', isFirst = false }: PasswordFieldProps) {
  const { t } = useTranslation()
  return (
    <PasswordInput
      label={t(kind === 'new' ? 'operators.newPassword' : 'operators.presentPassword')}
      {...(kind === 'new' && { description: t('operators.passwordHint') })}
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
