import { Anchor, Button, Card, Code, Group, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { Alert } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { localAgo, localNumber } from '../../../web-kit/local-form'
import { useNodes } from '../registrations/use-registrations'
import type { AlertKind } from './alert-form'

/** When the link of a province is down hundreds are silent at once. */
const AT_FIRST = 8

/** All alerts of one kind: what they are about, how bad, since when, and the page that says what to do. */
export function KindCard({ kind, alerts }: { kind: AlertKind; alerts: readonly Alert[] }) {
  const { t, i18n } = useTranslation()
  const [isWhole, setWhole] = useState(false)
  const nodes = useNodes().data?.nodes ?? []
  const nameOf = (nodeName: string) => nodes.find((node) => node.nodeName === nodeName)?.name ?? nodeName
  const shown = isWhole || alerts.length <= AT_FIRST ? alerts : alerts.slice(0, AT_FIRST)
  const number = (value: number) => localNumber(value, i18n.language)
  return (
    <Card className="kit-surface" padding="md" mb="sm" component="section" aria-labelledby={kind}>
      <Group justify="space-between" gap="xs" align="baseline">
        <Title order={2} size="h3" id={kind}>
          {t(`alerts.now.${kind}`)}{' '}
          <Text component="span" className="kit-quiet" fw={400}>
            {number(alerts.length)}
          </Text>
        </Title>
        <Text size="sm" className="kit-quiet">
          {t('alerts.runbook')} <Code>{`docs/runbooks/${kind}.md`}</Code>
        </Text>
      </Group>
      <ul className="alerts-list">
        {shown.map(({ nodeName, gateway, value, since }) => (
          <li key={nodeName ?? gateway ?? kind}>
            {nodeName === undefined ? (
              gateway && <Code>{gateway}</Code>
            ) : (
              <Anchor component={Link} to={`/facilities/${nodeName}`}>
                {nameOf(nodeName)}
              </Anchor>
            )}
            <span>{t(`alerts.worth.${kind}`, { value: number(value) })}</span>
            <Text component="span" size="sm" className="kit-quiet">
              {t('alerts.since', { ago: localAgo(since, i18n.language, nowThere()) })}
            </Text>
          </li>
        ))}
      </ul>
      {shown.length < alerts.length && (
        <Button mt="sm" variant="default" size="compact-sm" onClick={() => setWhole(true)}>
          {t('alerts.all', { count: alerts.length, number: number(alerts.length) })}
        </Button>
      )}
    </Card>
  )
}
