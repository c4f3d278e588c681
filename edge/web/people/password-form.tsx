import { Button, PasswordInput, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { useSession } from '../session/use-session'

/** A new password: for somebody else by an admin, or one's own, which needs the present one. */
export function PasswordForm({ name, onDone }: { name?: string; onDone: () => void }) {
  const { t } = useTranslation()
  const { session, renew } = useSession()
  const [password, setPassword] = useState('')
  const [newPassword, setNewPassword] = useState('')
  const isOwn = name === undefined || name === session.person?.name
  const change = useMutation({
    mutationFn: async () => {
      if (isOwn)
        renew(await ask<AppSession>('/app/session/password', { method: 'PUT', body: { password, newPassword } }))
      else await ask(`/app/people/${encodeURIComponent(name)}`, { method: 'PUT', body: { password: newPassword } })
    },
    onSuccess: onDone,
  })
  const toggle = { 'aria-label': t('signIn.show'), tabIndex: 0 }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <Stack>
        <Text>{t(isOwn ? 'people.ownPasswordNote' : 'people.passwordNote')}</Text>
        {isOwn && (
          <PasswordInput
            label={t('people.presentPassword')}
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
            autoComplete="current-password"
            visibilityToggleButtonProps={toggle}
            required
            data-autofocus
          />
        )}
        <PasswordInput
          label={t('people.newPassword')}
          description={t('people.passwordHint')}
          value={newPassword}
          onChange={({ currentTarget }) => setNewPassword(currentTarget.value)}
          minLength={10}
          autoComplete="new-password"
          visibilityToggleButtonProps={toggle}
          required
        />
        {change.error && <Failure error={change.error} />}
        <Button type="submit" loading={change.isPending}>
          {t('people.save')}
        </Button>
      </Stack>
    </form>
  )
}
