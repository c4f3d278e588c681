import { Button, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskError } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { useSession } from '../session/use-session'

export function SignInForm({ name: known = '', note }: { name?: string; note?: string }) {
  const { t } = useTranslation()
  const { signIn } = useSession()
  const [name, setName] = useState(known)
  const [password, setPassword] = useState('')
  const [error, setError] = useState<unknown>()
  const [isAsking, setAsking] = useState(false)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setAsking(true)
    try {
      await signIn(name.trim().toLowerCase(), password)
    } catch (failure) {
      setError(failure)
      if (failure instanceof AskError && failure.code !== 'UNREACHABLE') setPassword('')
    } finally {
      setAsking(false)
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        {note !== undefined && <Text>{note}</Text>}
        {error !== undefined && <Failure error={error} />}
        <TextInput
          size="md"
          label={t('signIn.name')}
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
          label={t('signIn.password')}
          value={password}
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          autoComplete="current-password"
          required
          withAsterisk={false}
          visibilityToggleButtonProps={{ 'aria-label': t('signIn.show'), tabIndex: 0 }}
          {...(known !== '' && { 'data-autofocus': true })}
        />
        <Button type="submit" size="md" loading={isAsking} mt="xs">
          {t('signIn.do')}
        </Button>
      </Stack>
    </form>
  )
}
