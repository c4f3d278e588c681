import { Anchor, Button, Card, Group, Text, ThemeIcon, Title } from '@mantine/core'
import {
  IconAlertTriangle,
  IconCertificate,
  IconClockExclamation,
  IconCloudOff,
  IconDatabaseExclamation,
  IconDoorEnter,
  IconFileX,
  IconHourglass,
  IconShieldExclamation,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Today } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localAgo, localBytes, localDate, localMoment, localNumber } from '../../../web-kit/local-form'
import { LIVE } from '../live'
import { useSession } from '../session/use-session'
import './today.css'
import { type Task, whereOf } from './where'

const ICONS: Readonly<Record<Task['kind'], ComponentType<{ size: number }>>> = {
  'registrations-waiting': IconDoorEnter,
  'data-access-waiting': IconDoorEnter,
  'node-silent': IconCloudOff,
  'node-behind': IconHourglass,
  'documents-refused': IconFileX,
  'btg-to-review': IconShieldExclamation,
  'disk-low': IconDatabaseExclamation,
  'clock-wrong': IconClockExclamation,
  'certificate-expiring': IconCertificate,
}

/** What needs a person, the most urgent first. */
export function TodayPage() {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const { data, error, refetch } = useQuery({
    queryKey: ['today'],
    queryFn: ({ signal }) => ask<Today>('/operator/today', { signal }),
    ...LIVE,
  })
  const tasks = data?.tasks ?? []
  return (
    <>
      <Title order={1}>{t('today.title')}</Title>
      <Text className="kit-quiet" mb="md" mih={27}>
        {data && t('today.asOf', { at: localMoment(data.asOf, i18n.language, nowThere()) })}
      </Text>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && tasks.length === 0 && (
        <Card className="kit-surface" padding="xl">
          <Title order={2}>{t('today.nothing')}</Title>
          <Text>{t('today.nothingNote')}</Text>
        </Card>
      )}
      {tasks.map((task) => (
        <TaskCard
          key={`${task.kind} ${task.nodeName}`}
          task={task}
          isFor={task.kind !== 'btg-to-review' || may('audit')}
        />
      ))}
    </>
  )
}

function TaskCard({ task, isFor }: { task: Task; isFor: boolean }) {
  const { t, i18n } = useTranslation()
  const { kind, count, isMore = false, since, nodes = [] } = task
  const Icon = ICONS[kind] ?? IconAlertTriangle
  const { to, says } = whereOf(task)
  const plain = localNumber(count, i18n.language)
  const number = isMore ? t('today.atLeast', { number: plain }) : plain
  const isCertificate = kind === 'certificate-expiring'
  const when = since === undefined ? '' : localDate(since, i18n.language)
  return (
    <Card className="kit-surface" padding="md" mb="sm" component="section" aria-labelledby={kind}>
      <Group align="flex-start" wrap="nowrap" gap="md">
        <ThemeIcon size={40} variant="light" color={URGENT.includes(kind) ? 'red' : 'leaf'} visibleFrom="xs">
          <Icon size={22} />
        </ThemeIcon>
        <div style={{ flex: 1, minWidth: 0 }}>
          <Group justify="space-between" align="flex-start" gap="xs">
            <div style={{ flex: '1 1 240px' }}>
              <Title order={2} size="h3" id={kind}>
                {t(`today.task.${kind}`, { count, number })}
                {since !== undefined && (
                  <Text component="span" className="kit-quiet" fw={400}>
                    {' '}
                    {t(isCertificate ? 'today.until' : 'today.since', { at: when })}
                  </Text>
                )}
              </Title>
              <Text>{t(`today.note.${kind}`)}</Text>
            </div>
            {isFor && (
              <Button component={Link} to={to} variant="light">
                {t(`today.open.${says}`)}
              </Button>
            )}
          </Group>
          {nodes.length > 0 && (
            <ul className="today-nodes">
              {nodes.map((node) => (
                <li key={node.nodeName}>
                  <Anchor component={Link} to={`/facilities/${node.nodeName}`}>
                    {node.name}
                  </Anchor>{' '}
                  <Text component="span" size="sm" className="kit-quiet">
                    <Worth kind={kind} node={node} />
                  </Text>
                </li>
              ))}
            </ul>
          )}
        </div>
      </Group>
    </Card>
  )
}

const URGENT: readonly Task['kind'][] = ['certificate-expiring', 'node-silent', 'disk-low', 'documents-refused']

/** What is the matter with one of the facilities: since when, how many, how much. */
function Worth({ kind, node }: { kind: Task['kind']; node: NonNullable<Task['nodes']>[number] }) {
  const { t, i18n } = useTranslation()
  const { value, since } = node
  if (kind === 'disk-low' && value !== undefined) return t('today.free', { size: localBytes(value, i18n.language) })
  if (kind === 'clock-wrong' && value !== undefined) {
    const minutes = localNumber(Math.abs(value) / 60_000, i18n.language)
    return t(value > 0 ? 'today.ahead' : 'today.behind', { minutes })
  }
  const said = [
    ...(value === undefined ? [] : [t('today.documents', { count: value, number: localNumber(value, i18n.language) })]),
    ...(since === undefined ? [] : [localAgo(since, i18n.language, nowThere())]),
  ]
  return said.join(' · ')
}
