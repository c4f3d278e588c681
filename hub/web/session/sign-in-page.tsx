import { Text, Title } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { DoorFrame } from '../../../web-kit/door-frame'
import { SignInForm } from './sign-in-form'
import type { SignIn } from './use-session'

export function SignInPage({ signIn }: { signIn: SignIn }) {
  const { t } = useTranslation()
  return (
    <DoorFrame page={t('session.title')}>
      <Title order={1} size="h2">
        {t('session.title')}
      </Title>
      <Text className="kit-quiet" mb="lg">
        {t('session.where')}
      </Text>
      <SignInForm signIn={signIn} />
      <Text size="sm" className="kit-quiet" mt="lg">
        {t('session.lost')}
      </Text>
    </DoorFrame>
  )
}
