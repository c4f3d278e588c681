import { Alert, Button, Card, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorList, OperatorSession } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { useSession } from '../session/use-session'
import { PasswordField } from './new-password'

/** With what draws QR codes. */
const SecondFactor = lazy(() => import('./second-factor').then((part) => ({ default: part.SecondFactor })))

/** The own account: its password, its second factor, and how long one is signed in. */
export function AccountPage() {
  const { t, i18n } = useTranslation()
  const { session, may } = useSession()
  // The name of the first account is fixed, for whom the list is not to be seen as well.
  const isFirst = session.name === 'operator'
  const accounts = useQuery({
    queryKey: ['operators'],
    queryFn: ({ signal }) => ask<OperatorList>('/operator/operators', { signal }),
    enabled: may('look') && !isFirst,
  })
  const own = accounts.data?.operators.find(({ name }) => name === session.name)
  return (
    <>
      <Title order={1}>{t('session.account')}</Title>
      <Text className="kit-quiet" mb="md">
        {session.name} · {t(`session.role.${session.role}`)} · {t(`operators.roleNote.${session.role}`)}
        {session.endsAt &&
          ` · ${t('operators.endsAt', { at: localMoment(session.endsAt, i18n.language, nowThere()) })}`}
      </Text>
      {isFirst ? (
        <Alert color="yellow" title={t('operators.first')} maw={760}>
          {t('operators.firstNote')}
        </Alert>
      ) : (
        <SimpleGrid cols={{ base: 1, lg: 2 }}>
          <Card className="kit-surface" padding="lg" component="section" aria-labelledby="password">
            <Title order={2} size="h3" id="password" mb="sm">
              {t('operators.password')}
            </Title>
            <OwnPassword />
          </Card>
          <Card className="kit-surface" padding="lg" component="section" aria-labelledby="second">
            <Title order={2} size="h3" id="second" mb="sm">
              {t('operators.second')}
            </Title>
            <Suspense fallback={null}>
              <SecondFactor name={session.name} state={own?.totp} />
            </Suspense>
          </Card>
        </SimpleGrid>
      )}
    </>
  )
}

function OwnPassword() {
  const { t } = useTranslation()
  const { session } = useSession()
  const queries = useQueryClient()
  const [currentPassword, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const change = useMutation({
    mutationFn: async () => {
      const path = `/operator/operators/${encodeURIComponent(session.name)}/password`
      await ask(path, { method: 'POST', body: { currentPassword, password } })
      // All sessions have ended with it, this one too; the next answer says so, and one signs in anew.
      await ask<OperatorSession>('/operator/session').catch(() => undefined)
      await queries.invalidateQueries()
    },
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        change.mutate()
      }}
    >
      <Stack>
        <Text>{t('operators.ownPasswordNote')}</Text>
        <PasswordField kind="present" value={currentPassword} onChange={setCurrent} />
        <PasswordField value={password} onChange={setPassword} />
        {change.error && <Failure error={change.error} />}
        <Button type="submit" loading={change.isPending} style={{ alignSelf: 'flex-start' }}>
          {t('operators.changePassword')}
        </Button>
      </Stack>
    </form>
  )
}
