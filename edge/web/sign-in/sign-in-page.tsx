import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { DoorFrame } from '../../../web-kit/door-frame'
import { useSession } from '../session/use-session'
import { SignInForm } from './sign-in-form'

export function SignInPage() {
  const { t } = useTranslation()
  const { facility } = useSession().session
  return (
    <DoorFrame page={t('signIn.title')}>
      <Title order={1} size="h2">
        {t('signIn.title')}
      </Title>
      <Text className="kit-quiet" mb="lg">
        {facility?.name} · {facility?.externalId}
      </Text>
      <SignInForm />
      <Text size="sm" className="kit-quiet" mt="lg">
        {t('signIn.lost')}
      </Text>
    </DoorFrame>
  )
}
