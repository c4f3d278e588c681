import { Anchor, Badge, Button, Card, Group, Table, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { DisclosureList } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'

const PAGE = 25

/** Which other facilities have read this one's records, as the hub has told it. */
export function ReadersCard() {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['disclosures'],
    queryFn: ({ signal, pageParam }) =>
      ask<DisclosureList>(
        `/disclosures?${new URLSearchParams({ limit: String(PAGE), ...(pageParam !== '' && { cursor: pageParam }) })}`,
        { signal },
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
  const refresh = useMutation({
    mutationFn: () => ask('/disclosures/refresh', { method: 'POST', body: {} }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['disclosures'] }),
  })
  const readers = data?.pages.flatMap(({ disclosures }) => disclosures) ?? []
  const askedAt = data?.pages[0]?.askedAt
  const purposeOf = (code: string) =>
    i18n.exists(`sync.readers.purpose.${code}`)
      ? t(`sync.readers.purpose.${code}`)
      : t('sync.readers.purpose.other', { code })
  return (
    <Card className="kit-surface" component="section" aria-labelledby="readers">
      <Group justify="space-between">
        <Title order={2} id="readers">
          {t('sync.readers.title')}
        </Title>
        <Button variant="light" onClick={() => refresh.mutate()} loading={refresh.isPending}>
          {t('sync.readers.refresh')}
        </Button>
      </Group>
      <Text className="kit-quiet" mb="sm">
        {askedAt === undefined
          ? t('sync.readers.notYet')
          : t('sync.readers.note', { at: localMoment(askedAt, i18n.language, new Date()) })}
      </Text>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {refresh.error && <Failure error={refresh.error} />}
      {data && readers.length === 0 && askedAt !== undefined && <Text>{t('sync.readers.none')}</Text>}
      {readers.length > 0 && (
        <Table.ScrollContainer minWidth={560} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
          <Table verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('sync.readers.when')}</Table.Th>
                <Table.Th>{t('sync.readers.patient')}</Table.Th>
                <Table.Th>{t('sync.readers.who')}</Table.Th>
                <Table.Th>{t('sync.readers.why')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {readers.map(({ id, at, mrn, facility, purpose, reason, breaksGlass }) => (
                <Table.Tr key={`${id} ${mrn}`} style={{ verticalAlign: 'top' }}>
                  <Table.Td>{localMoment(at, i18n.language, new Date())}</Table.Td>
                  <Table.Td>
                    <Anchor component={Link} to={`/patients/${mrn}`}>
                      {mrn}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    {facility.name ?? facility.externalId}
                    {facility.name && (
                      <Text size="sm" className="kit-quiet">
                        {facility.externalId}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    {purposeOf(purpose)}{' '}
                    {breaksGlass && (
                      <Badge color="red" variant="light">
                        {t('sync.readers.glass')}
                      </Badge>
                    )}
                    {reason && <Text size="sm">“{reason}”</Text>}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {hasNextPage && (
        <Button variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
          {t('sync.readers.older')}
        </Button>
      )}
    </Card>
  )
}
