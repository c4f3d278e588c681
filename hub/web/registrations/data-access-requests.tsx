import { Anchor, Button, Card, Group, Text, Title } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { NodeList, NodeSummary } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localAgo } from '../../../web-kit/local-form'
import { DataAccessModal } from '../facilities/data-access-modal'
import { useSession } from '../session/use-session'

/** Accepted facilities that ask to read records of others. */
export function DataAccessRequests({ nodes }: { nodes: UseQueryResult<NodeList> }) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const [doing, setDoing] = useState<{ kind: 'accept' | 'reject'; node: NodeSummary }>()
  const asking = nodes.data?.nodes.filter(({ dataAccess }) => dataAccess.status === 'pending') ?? []
  return (
    <section aria-labelledby="data-access">
      <Title order={2} id="data-access" mt="xl" mb={4}>
        {t('registrations.access')}
      </Title>
      <Text className="kit-quiet" mb="md" maw={760}>
        {t('registrations.accessHow')}
      </Text>
      {nodes.error && <Failure error={nodes.error} onRetry={() => void nodes.refetch()} />}
      {nodes.data && asking.length === 0 && <Text>{t('registrations.accessNone')}</Text>}
      {asking.map((node) => (
        <Card key={node.nodeName} className="kit-surface" padding="md" mb="sm">
          <Group justify="space-between" align="flex-start">
            <div>
              <Anchor component={Link} to={`/facilities/${node.nodeName}`} fw={650}>
                {node.name} ({node.externalId})
              </Anchor>
              <Text size="sm" className="kit-quiet">
                {node.dataAccess.requestedAt &&
                  t('registrations.asked', { ago: localAgo(node.dataAccess.requestedAt, i18n.language, nowThere()) })}
              </Text>
              <Text mt={4}>
                {node.dataAccess.requestReason
                  ? `“${node.dataAccess.requestReason}”`
                  : t('registrations.accessNoReason')}
              </Text>
            </div>
            {may('decide') && (
              <Group gap="xs">
                <Button onClick={() => setDoing({ kind: 'accept', node })}>{t('registrations.accept')}</Button>
                <Button variant="light" color="red" onClick={() => setDoing({ kind: 'reject', node })}>
                  {t('registrations.reject')}
                </Button>
              </Group>
            )}
          </Group>
        </Card>
      ))}
      {doing && <DataAccessModal kind={doing.kind} node={doing.node} onClose={() => setDoing(undefined)} />}
    </section>
  )
}
