import { Badge, Button, Table, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { nodeNameOf } from '../../../protocol/node-name'
import type { RegistrationSummary } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { Pager } from '../../../web-kit/pager'
import { useSession } from '../session/use-session'
import { decidedOf } from './decided'
import { useRegistrations } from './use-registrations'

const ON_A_PAGE = 20

/** What became of those before: the newest first. One that was rejected by mistake may ask again. */
export function DecidedList() {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const queries = useQueryClient()
  const { data, error, refetch } = useRegistrations()
  const [page, setPage] = useState(0)
  const [again, setAgain] = useState<RegistrationSummary>()
  const decided = decidedOf(data?.registrations ?? [])
  if (!error && decided.length === 0) return null
  return (
    <section aria-labelledby="decided">
      <Title order={2} id="decided" mt="xl" mb="sm">
        {t('registrations.decided')}
      </Title>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <Table.ScrollContainer minWidth={640} className="kit-surface">
        <Table verticalSpacing={8} horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('registrations.facility')}</Table.Th>
              <Table.Th>{t('registrations.outcome')}</Table.Th>
              <Table.Th>{t('registrations.when')}</Table.Th>
              <Table.Th>{t('registrations.by')}</Table.Th>
              <Table.Th aria-label={t('registrations.actions')} />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {decided.slice(page * ON_A_PAGE, (page + 1) * ON_A_PAGE).map(({ registration, mayAskAgain }) => (
              <Table.Tr key={registration.id}>
                <Table.Td>
                  {registration.name}{' '}
                  <Text component="span" ff="monospace" className="kit-quiet">
                    {registration.externalId}
                  </Text>
                </Table.Td>
                <Table.Td>
                  <Badge variant="light" color={registration.status === 'accepted' ? 'leaf' : 'red'}>
                    {t(`registrations.status.${registration.status}`)}
                  </Badge>
                  {registration.reason !== undefined && <Text size="sm">{registration.reason}</Text>}
                </Table.Td>
                <Table.Td>
                  {registration.decidedAt ? localMoment(registration.decidedAt, i18n.language, nowThere()) : '–'}
                </Table.Td>
                <Table.Td>{registration.decidedBy ?? '–'}</Table.Td>
                <Table.Td ta="right">
                  {mayAskAgain && may('decide') && (
                    <Button variant="light" size="compact-sm" onClick={() => setAgain(registration)}>
                      {t('registrations.again')}
                    </Button>
                  )}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      <Pager page={page} size={ON_A_PAGE} count={decided.length} onPage={setPage} />
      {again && (
        <DeedModal
          title={t('registrations.againTitle', { name: again.name })}
          effect={t('registrations.againEffect')}
          verb={t('registrations.again')}
          onDo={async () => {
            await ask(`/operator/nodes/${nodeNameOf(again.externalId)}/reopen`, { method: 'POST', body: {} })
            await queries.invalidateQueries()
          }}
          onClose={() => setAgain(undefined)}
        />
      )}
    </section>
  )
}
