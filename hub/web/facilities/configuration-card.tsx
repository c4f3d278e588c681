import { Button, Card, Group, List, Text, Title } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConfigurationList, ConfigurationVersion, NodeSummary } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { useSession } from '../session/use-session'
import { ConfigurationModal } from './configuration-modal'
import { rulesOf } from './rules-of'

/** What the facility obeys (budget, what goes first, what stays there), as it was before, and the way back. */
export function ConfigurationCard({ node }: { node: NodeSummary }) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const [isChanging, setChanging] = useState(false)
  const [restoring, setRestoring] = useState<ConfigurationVersion>()
  const queries = useQueryClient()
  const { budget, lanes } = node
  const versions = useQuery({
    queryKey: ['configurations', node.nodeName, node.configurationVersion],
    queryFn: ({ signal }) => ask<ConfigurationList>(`/operator/nodes/${node.nodeName}/configurations`, { signal }),
  })
  const [now, ...before] = versions.data?.configurations ?? []
  const words = (sync: ConfigurationVersion['sync']) => {
    const rules = rulesOf(sync, i18n.language, (key, values) => t(key, values ?? {}))
    return rules.length === 0 ? [t('facilities.configuration.none')] : rules
  }
  const said = ({ version, by, at, note }: ConfigurationVersion) =>
    [
      t('facilities.configuration.version', { version, by, at: localMoment(at, i18n.language, nowThere()) }),
      ...(note === undefined ? [] : [`“${note}”`]),
    ].join(' · ')
  return (
    <Card className="kit-surface" padding="md" component="section" aria-labelledby="configuration">
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h3" id="configuration">
          {t('facilities.configuration.title')}
        </Title>
        {may('decide') && (
          <Button variant="light" size="compact-sm" onClick={() => setChanging(true)}>
            {t('facilities.configuration.change')}
          </Button>
        )}
      </Group>
      <List>
        {words({ ...(budget && { budget }), ...(lanes && { lanes }) }).map((rule) => (
          <List.Item key={rule}>{rule}</List.Item>
        ))}
      </List>
      <Text size="sm" mt="xs">
        {t('facilities.configuration.filter')}
      </Text>
      {now && (
        <Text size="sm" className="kit-quiet" mt="xs">
          {said(now)}
        </Text>
      )}
      {versions.error && <Failure error={versions.error} onRetry={() => void versions.refetch()} />}
      {before.length > 0 && (
        <details className="facility-versions">
          <summary>{t('facilities.configuration.before', { count: before.length })}</summary>
          {before.map((version) => (
            <div key={version.version}>
              <Group justify="space-between" wrap="nowrap" align="flex-start">
                <div>
                  <Text size="sm">{words(version.sync).join(' · ')}</Text>
                  <Text size="sm" className="kit-quiet">
                    {said(version)}
                  </Text>
                </div>
                {may('decide') && (
                  <Button variant="default" size="compact-sm" onClick={() => setRestoring(version)}>
                    {t('facilities.configuration.restore')}
                    <span className="kit-hidden">: {version.version}</span>
                  </Button>
                )}
              </Group>
            </div>
          ))}
        </details>
      )}
      {isChanging && <ConfigurationModal node={node} onClose={() => setChanging(false)} />}
      {restoring && (
        <DeedModal
          title={t('facilities.configuration.restoreTitle', { version: restoring.version })}
          effect={
            <>
              <Text>{t('facilities.configuration.restoreEffect')}</Text>
              <List>
                {words(restoring.sync).map((rule) => (
                  <List.Item key={rule}>{rule}</List.Item>
                ))}
              </List>
            </>
          }
          verb={t('facilities.configuration.restore')}
          onDo={async () => {
            const path = `/operator/nodes/${node.nodeName}/configurations/${restoring.version}/restore`
            await ask(path, { method: 'POST', body: {} })
            await queries.invalidateQueries()
          }}
          onClose={() => setRestoring(undefined)}
        />
      )}
    </Card>
  )
}
