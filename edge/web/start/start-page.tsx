import {
  Alert,
  Button,
  Center,
  Group,
  Loader,
  PasswordInput,
  Stack,
  Stepper,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { type FormEvent, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AppSession, EdgeStatus } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DoorFrame } from '../../../web-kit/door-frame'
import { Failure } from '../../../web-kit/failure'
import { useSession } from '../session/use-session'
import { useEdgeStatus } from '../sync/use-edge-status'
import { type Asked, mistakesIn, requestOf, STEPS } from './asked'
import { RestoreView } from './restore-view'

const NOTHING: Asked = { facilityName: '', externalId: '', hubUrl: '', fullName: '', name: '', password: '' }
const LOOK_MS = 500

/** The first start: which facility this is, where the hub is, who the first admin is; then the pairing code. */
export function StartPage({ onNamed }: { onNamed: () => Promise<void> }) {
  const { session } = useSession()
  return session.stage === 'setup' ? <Questions onNamed={onNamed} /> : <Pairing />
}

function Questions({ onNamed }: { onNamed: () => Promise<void> }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState(NOTHING)
  const [step, setStep] = useState(0)
  const [isTried, setTried] = useState(false)
  const [error, setError] = useState<unknown>()
  const [isAsking, setAsking] = useState(false)
  const [isRestoring, setRestoring] = useState(false)
  const keys = STEPS[step] ?? []
  const mistakes = mistakesIn(asked)

  const next = async (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (keys.some((key) => mistakes[key])) return
    setTried(false)
    if (step < STEPS.length - 1) return setStep(step + 1)
    setAsking(true)
    try {
      await ask('/app/setup', { method: 'POST', body: requestOf(asked) })
      window.history.replaceState(null, '', '/start')
      // It starts anew with what it was told, which takes a moment.
      while (await isStillSetup()) await new Promise((resume) => setTimeout(resume, LOOK_MS))
      await onNamed()
    } catch (failure) {
      setError(failure)
    } finally {
      setAsking(false)
    }
  }
  const restored = async () => {
    while (await isStillSetup()) await new Promise((resume) => setTimeout(resume, LOOK_MS))
    // Other people and another facility than this page knows of.
    window.location.assign('/patients')
  }
  if (isRestoring)
    return (
      <DoorFrame page={t('start.restore.title')} width={560}>
        <RestoreView onBack={() => setRestoring(false)} onRestored={restored} />
      </DoorFrame>
    )
  return (
    <DoorFrame page={t('start.title')} width={560}>
      <Title order={1} size="h2">
        {t('start.title')}
      </Title>
      <Text className="kit-quiet" mb="lg">
        {t('start.note')}
      </Text>
      <Stepper active={step} size="sm" mb="lg">
        {(['facility', 'hub', 'admin'] as const).map((name) => (
          <Stepper.Step key={name} label={t(`start.step.${name}`)} />
        ))}
      </Stepper>
      <form onSubmit={(event) => void next(event)} noValidate>
        <Stack>
          {keys.map((key, index) => {
            const Input = key === 'password' ? PasswordInput : TextInput
            return (
              <Input
                key={key}
                size="md"
                label={t(`start.${key}`)}
                description={t(`start.hint.${key}`)}
                value={asked[key]}
                onChange={({ currentTarget }) => setAsked({ ...asked, [key]: currentTarget.value })}
                error={isTried && mistakes[key] ? t(`start.mistake.${key}`) : undefined}
                autoFocus={index === 0}
                autoComplete={key === 'password' ? 'new-password' : 'off'}
                spellCheck={false}
                {...(key === 'password' && {
                  visibilityToggleButtonProps: { 'aria-label': t('signIn.show'), tabIndex: 0 },
                })}
              />
            )
          })}
          {error !== undefined && <Failure error={error} />}
          <Group justify="space-between" mt="md">
            <Button variant="default" disabled={step === 0 || isAsking} onClick={() => setStep(step - 1)}>
              {t('start.back')}
            </Button>
            <Button type="submit" loading={isAsking}>
              {t(step < STEPS.length - 1 ? 'start.next' : 'start.finish')}
            </Button>
          </Group>
          {step === 0 && (
            <Button variant="subtle" onClick={() => setRestoring(true)}>
              {t('start.restore.offer')}
            </Button>
          )}
        </Stack>
      </form>
    </DoorFrame>
  )
}

/** Nobody answers while it starts anew. */
async function isStillSetup(): Promise<boolean> {
  const session = await ask<AppSession>('/app/session').catch(() => undefined)
  return session === undefined || session.stage === 'setup'
}

/** Waits until the ministry has accepted the facility, and goes on by itself. */
function Pairing() {
  const { t } = useTranslation()
  const { session } = useSession()
  const { status, isLost } = useEdgeStatus()
  const registration = status?.registration
  const isAccepted = registration?.status === 'accepted'
  useEffect(() => {
    if (!isAccepted) return
    const goOn = setTimeout(() => window.location.assign('/patients'), 2_000)
    return () => clearTimeout(goOn)
  }, [isAccepted])
  return (
    <DoorFrame page={t('start.pairing.title')} width={560}>
      <Title order={1} size="h2">
        {t('start.pairing.title')}
      </Title>
      <Text className="kit-quiet" mb="lg">
        {session.facility?.name} · {session.facility?.externalId}
      </Text>
      {registration ? <Code registration={registration} /> : <Loader aria-label={t('frame.loading')} />}
      {isLost && <Text mt="md">{t('sync.sentence.lost')}</Text>}
      <Group mt="xl" justify="center">
        <Button component="a" href="/patients" variant={isAccepted ? 'filled' : 'default'}>
          {t('start.pairing.meanwhile')}
        </Button>
      </Group>
    </DoorFrame>
  )
}

function Code({ registration }: { registration: EdgeStatus['registration'] }) {
  const { t } = useTranslation()
  const { status, pairingCode = '', reason } = registration
  if (status === 'accepted')
    return (
      <Alert role="status" color="leaf" icon={<IconCircleCheck />} title={t('start.pairing.accepted')}>
        {t('start.pairing.acceptedNote')}
      </Alert>
    )
  if (status === 'rejected')
    return (
      <Alert role="alert" color="red" title={t('start.pairing.rejected')}>
        {reason}
      </Alert>
    )
  return (
    <>
      <Text>{t('start.pairing.note')}</Text>
      <Center my="lg" p="md" style={{ background: 'var(--kit-page)', borderRadius: 'var(--mantine-radius-md)' }}>
        <Text
          ff="monospace"
          fw={700}
          fz="clamp(1.9rem, 9vw, 3.2rem)"
          aria-label={`${t('start.pairing.code')}: ${[...pairingCode].join(' ')}`}
        >
          {pairingCode.slice(0, 4)} {pairingCode.slice(4)}
        </Text>
      </Center>
      <Group role="status" gap="sm" wrap="nowrap">
        <Loader size="sm" />
        <Text>{t(status === 'pending' ? 'start.pairing.waiting' : 'start.pairing.reaching')}</Text>
      </Group>
    </>
  )
}
