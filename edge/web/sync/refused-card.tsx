import { Anchor, Button, Card, Group, Table, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { RefusedList } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { useSession } from '../session/use-session'
import { kindOf, placeOf } from './refused'

const PAGE = 25

/** What the hub does not take, why, and what to do (law 4). */
export function RefusedCard({ count }: { count: number }) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    // What is on the list is another thing when there are more or fewer.
    queryKey: ['refused', count],
    queryFn: ({ signal, pageParam }) =>
      ask<RefusedList>(`/refused?${new URLSearchParams({ limit: String(PAGE), after: pageParam })}`, { signal }),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
    enabled: count > 0,
  })
  const retry = useMutation({ mutationFn: () => ask('/refused/retry', { method: 'POST', body: {} }) })
  const refused = data?.pages.flatMap((page) => page.refused) ?? []
  return (
    <Card className="kit-surface" component="section" aria-labelledby="refused">
      <Group justify="space-between">
        <Title order={2} id="refused">
          {t('sync.refusedList.title')}
        </Title>
        {count > 0 && may('settings') && (
          <Button variant="light" onClick={() => retry.mutate()} loading={retry.isPending}>
            {t('sync.refusedList.retry')}
          </Button>
        )}
      </Group>
      <Text className="kit-quiet" mb="sm">
        {t(`sync.refusedList.${count === 0 ? 'none' : may('settings') ? 'note' : 'noteAll'}`)}
      </Text>
      {retry.isSuccess && <Text role="status">{t('sync.refusedList.retried')}</Text>}
      {retry.error && <Failure error={retry.error} />}
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {count > 0 && refused.length > 0 && (
        <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th w="12rem">{t('sync.refusedList.record')}</Table.Th>
                <Table.Th>{t('sync.refusedList.why')}</Table.Th>
                <Table.Th w="10rem">{t('sync.refusedList.since')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {refused.map((document) => {
                const { type, mrn } = placeOf(document.id)
                return (
                  <Table.Tr key={document.id} style={{ verticalAlign: 'top' }}>
                    <Table.Td>
                      {mrn ? (
                        <Anchor component={Link} to={`/patients/${mrn}`} fw={600}>
                          {mrn}
                        </Anchor>
                      ) : (
                        <Text>{t('sync.refusedList.ofFacility')}</Text>
                      )}
                      <Text size="sm" className="kit-quiet">
                        {type}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      <Text>{t(`sync.refusedList.kind.${kindOf(document)}`)}</Text>
                      <Text size="sm" className="kit-quiet" lang="en">
                        {t('sync.refusedList.said', { reason: document.reason })}
                      </Text>
                    </Table.Td>
                    <Table.Td>
                      {localMoment(document.at, i18n.language, new Date())}
                      <Text size="sm" className="kit-quiet">
                        {t('sync.refusedList.attempts', { count: document.attempts })}
                      </Text>
                    </Table.Td>
                  </Table.Tr>
                )
              })}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
          {t('sync.refusedList.more')}
        </Button>
      )}
    </Card>
  )
}
