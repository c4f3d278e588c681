import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskError } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import type { SignIn } from './use-session'

/** Name, password, and the code where the account has a second factor: the hub does not tell which of them is wrong. */
export function SignInForm({ signIn, name: known = '', note }: { signIn: SignIn; name?: string; note?: string }) {
  const { t } = useTranslation()
  const [name, setName] = useState(known)
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const trying = useMutation({
    networkMode: 'always',
    mutationFn: () => {
      const totp = code.replaceAll(' ', '')
      return signIn({ name: name.trim().toLowerCase(), password, ...(totp !== '' && { totp }) })
    },
    onError: (error) => {
      if (!(error instanceof AskError) || error.code === 'UNREACHABLE') return
      setCode('')
      if (error.code !== 'LOCKED') setPassword('')
    },
  })
  const { error } = trying
  const waitSeconds = error instanceof AskError && error.code === 'LOCKED' ? error.retrySeconds : undefined
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        trying.mutate()
      }}
    >
      <Stack>
        {note !== undefined && <Text>{note}</Text>}
        {error && <Failure error={error} />}
        {waitSeconds !== undefined && (
          <Text fw={600}>{t('session.lockedFor', { count: Math.max(1, Math.ceil(waitSeconds / 60)) })}</Text>
        )}
        <TextInput
          size="md"
          label={t('session.name')}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          required
          withAsterisk={false}
          {...(known === '' && { 'data-autofocus': true, autoFocus: true })}
        />
        <PasswordInput
          size="md"
          label={t('session.password')}
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('session.show'), tabIndex: 0 }}
          {...(known !== '' && { 'data-autofocus': true })}
        />
        <TextInput
          size="md"
          label={t('session.code')}
          description={t('session.codeHint')}
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
          autoComplete="one-time-code"
          inputMode="numeric"
          maxLength={20}
        />
        <Button type="submit" size="md" loading={trying.isPending} mt="xs">
          {t('session.signIn')}
        </Button>
      </Stack>
    </form>
  )
}
