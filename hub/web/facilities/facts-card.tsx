import { Anchor, Button, Card, Group, Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { NodeReport, NodeSummary } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { localAgo, localBytes, localMoment, localNumber } from '../../../web-kit/local-form'
import { useSession } from '../session/use-session'
import { DistrictModal } from './district-modal'

/** What the hub knows of a facility, and what the facility last said of itself. */
export function FactsCard({ node }: { node: NodeSummary }) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const [isSetting, setSetting] = useState(false)
  const now = nowThere()
  const { language } = i18n
  const reported = useReported(node.report)
  const facts: [string, string][] = [
    [t('facilities.column.lastSeen'), node.lastSeenAt ? localAgo(node.lastSeenAt, language, now) : '–'],
    ...reported,
    [t('facilities.column.refused'), localNumber(node.refusedDocuments ?? 0, language)],
    [t('facilities.district.title'), node.district ?? t('facilities.district.none')],
    [t('facilities.accepted'), localMoment(node.acceptedAt, language, now)],
    [t('facilities.signsInAs'), node.nodeName],
  ]
  return (
    <Card className="kit-surface" padding="md" component="section" aria-labelledby="facts">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3" id="facts">
          {t('facilities.facts')}
        </Title>
        {may('decide') && (
          <Button variant="light" size="compact-sm" onClick={() => setSetting(true)}>
            {t('facilities.district.change')}
          </Button>
        )}
      </Group>
      <dl className="facility-facts">
        {facts.map(([label, value]) => (
          <div key={label} style={{ display: 'contents' }}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {!node.report && (
        <Text size="sm" className="kit-quiet" mt="xs">
          {t('facilities.report.none')}
        </Text>
      )}
      {may('audit') && (
        <Anchor component={Link} to={`/audit?node=${node.nodeName}`} mt="sm" size="sm">
          {t('facilities.toAudit')}
        </Anchor>
      )}
      {isSetting && <DistrictModal node={node} onClose={() => setSetting(false)} />}
    </Card>
  )
}

/** Less than this a clock may be wrong without anybody noticing. */
const CLOCK_RIGHT_MS = 2_000

function useReported(report: NodeReport | undefined): [string, string][] {
  const { t, i18n } = useTranslation()
  const { language } = i18n
  if (!report) return []
  const now = nowThere()
  const { backlogDocuments, backlogBytes, oldestUnsentAt, lastAcknowledgedAt, bytesPerSecond } = report
  const { bytesToday, clockOffsetMs, freeDiskBytes, uptimeSeconds, version, at } = report
  const clock = (offsetMs: number) => {
    if (Math.abs(offsetMs) < CLOCK_RIGHT_MS) return t('facilities.report.clockRight')
    const seconds = localNumber(Math.abs(offsetMs) / 1_000, language, 0)
    return t(offsetMs > 0 ? 'facilities.report.ahead' : 'facilities.report.behind', { seconds })
  }
  const startedAt = new Date(Date.parse(at) - uptimeSeconds * 1_000).toISOString()
  return [
    [
      t('facilities.report.backlog'),
      t('facilities.report.backlogSaid', {
        count: backlogDocuments,
        number: localNumber(backlogDocuments, language),
        size: localBytes(backlogBytes, language),
      }),
    ],
    ...(oldestUnsentAt === undefined
      ? []
      : [[t('facilities.column.oldest'), localMoment(oldestUnsentAt, language, now)] as [string, string]]),
    [
      t('facilities.report.acknowledged'),
      lastAcknowledgedAt === undefined ? '–' : localMoment(lastAcknowledgedAt, language, now),
    ],
    [t('facilities.report.speed'), bytesPerSecond === undefined ? '–' : `${localBytes(bytesPerSecond, language)}/s`],
    [t('facilities.column.today'), localBytes(bytesToday, language)],
    [t('facilities.report.disk'), freeDiskBytes === undefined ? '–' : localBytes(freeDiskBytes, language)],
    [t('facilities.report.clock'), clockOffsetMs === undefined ? '–' : clock(clockOffsetMs)],
    [t('facilities.report.uptime'), localMoment(startedAt, language, now)],
    [t('facilities.column.version'), version],
  ]
}
