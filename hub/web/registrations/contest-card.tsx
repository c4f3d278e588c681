import { Alert, Anchor, Badge, Button, Card, Checkbox, Group, Text } from '@mantine/core'
import { IconArrowsSplit, IconLock } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { NodeSummary, RegistrationSummary } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { localAgo, localMoment } from '../../../web-kit/local-form'
import { useSession } from '../session/use-session'
import { type Contest, obstacleOf } from './groups'
import { spaced } from './pairing'
import type { Doing } from './registrations-page'

interface ContestCardProps {
  readonly contest: Contest
  readonly nodes: readonly NodeSummary[]
  readonly onDo: (doing: Doing) => void
  /** With both, several can be chosen. */
  readonly chosen?: ReadonlySet<string>
  readonly onChoose?: (id: string, isChosen: boolean) => void
}

/** One facility that asks; or several of which one at most can be let in, together. */
export function ContestCard({ contest, nodes, onDo, chosen, onChoose }: ContestCardProps) {
  const { t } = useTranslation()
  return (
    <Card className="kit-surface" padding="md" mb="md">
      {contest.isContested && (
        <Alert color="yellow" icon={<IconArrowsSplit />} title={t('registrations.contested')} mb="md">
          {t('registrations.contestedNote')}
        </Alert>
      )}
      {contest.registrations.map((registration) => (
        <Asking
          key={registration.id}
          registration={registration}
          obstacle={obstacleOf(registration.externalId, nodes)}
          onDo={onDo}
          isChosen={chosen?.has(registration.id) ?? false}
          onChoose={onChoose}
        />
      ))}
    </Card>
  )
}

function Asking(props: {
  registration: RegistrationSummary
  obstacle: NodeSummary | undefined
  onDo: (doing: Doing) => void
  isChosen: boolean
  onChoose: ContestCardProps['onChoose'] | undefined
}) {
  const { registration, obstacle, onDo, isChosen, onChoose } = props
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const { externalId, name, group, pairingCode, requestedAt } = registration
  const now = nowThere()
  return (
    <article className="registration" aria-label={`${name}, ${externalId}`}>
      <div className="registration-who">
        <Group gap="xs" wrap="nowrap" align="baseline">
          <Badge size="lg" variant="light" ff="monospace">
            {externalId}
          </Badge>
          <Text fw={650} size="lg">
            {name}
          </Text>
        </Group>
        <Text size="sm" className="kit-quiet">
          {group !== undefined && `${group} · `}
          {t('registrations.asked', { ago: localAgo(requestedAt, i18n.language, now) })} ·{' '}
          {localMoment(requestedAt, i18n.language, now)}
        </Text>
        {obstacle && (
          <Alert color="red" icon={<IconLock />} title={t('registrations.taken')} mt="sm">
            {t(obstacle.externalId === externalId ? 'registrations.takenSame' : 'registrations.takenOverlap', {
              externalId,
              other: obstacle.externalId,
              name: obstacle.name,
            })}{' '}
            <Anchor component={Link} to={`/facilities/${obstacle.nodeName}`} inherit underline="always">
              {t('registrations.toFacility', { name: obstacle.name })}
            </Anchor>
          </Alert>
        )}
      </div>
      <div className="registration-code">
        <Text size="sm" className="kit-quiet">
          {t('registrations.code')}
        </Text>
        <output>{spaced(pairingCode)}</output>
      </div>
      {may('decide') && (
        <Group className="registration-deeds" gap="xs">
          <Button disabled={obstacle !== undefined} onClick={() => onDo({ kind: 'accept', registration })}>
            {t('registrations.accept')}
          </Button>
          <Button variant="light" color="red" onClick={() => onDo({ kind: 'reject', registration })}>
            {t('registrations.reject')}
          </Button>
          {onChoose && (
            <Checkbox
              label={t('registrations.choose')}
              aria-label={t('registrations.chooseOne', { name, externalId })}
              checked={isChosen}
              onChange={({ currentTarget }) => onChoose(registration.id, currentTarget.checked)}
              ml="sm"
            />
          )}
        </Group>
      )}
    </article>
  )
}
