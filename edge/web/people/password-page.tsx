import { Alert, Card, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PasswordForm } from './password-form'

export function PasswordPage() {
  const { t } = useTranslation()
  const [isDone, setDone] = useState(false)
  return (
    <>
      <Title order={1} mb="md">
        {t('session.password')}
      </Title>
      <Card className="kit-surface" padding="lg" maw={520}>
        {isDone ? (
          <Alert role="status" color="leaf" title={t('people.passwordChanged')} />
        ) : (
          <PasswordForm onDone={() => setDone(true)} />
        )}
      </Card>
    </>
  )
}
