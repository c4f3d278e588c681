import { Anchor, Button, Table, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useSearchParams } from 'react-router'
import type { RefusalList, RefusalReasons } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment, localNumber } from '../../../web-kit/local-form'
import { LIVE } from '../live'
import { useNodes } from '../registrations/use-registrations'
import { LooksOnly } from '../session/looks-only'
import { useSession } from '../session/use-session'
import { type Again, RetryModal } from './retry-modal'

const ON_A_PAGE = '50'

/** What the gate did not take, across facilities: first the reasons, then the documents of one of them. */
export function RefusedPage() {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const [params, setParams] = useSearchParams()
  const [again, setAgain] = useState<Again>()
  const reason = params.get('reason')
  const node = params.get('node')
  const reasons = useQuery({
    queryKey: ['refused-reasons'],
    queryFn: ({ signal }) => ask<RefusalReasons>('/operator/refused/reasons', { signal }),
    ...LIVE,
  })
  const number = (value: number) => localNumber(value, i18n.language)
  const found = reasons.data?.reasons ?? []
  return (
    <>
      <Title order={1}>{t('refused.title')}</Title>
      <Text className="kit-quiet" mb="md" maw={760}>
        {t('refused.note')}
      </Text>
      <LooksOnly />
      {reasons.error && <Failure error={reasons.error} onRetry={() => void reasons.refetch()} />}
      {reasons.data && found.length === 0 && <Text role="status">{t('refused.none')}</Text>}
      {found.length > 0 && (
        <Table.ScrollContainer minWidth={520} className="kit-surface" mb="lg">
          <Table verticalSpacing={8} horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('refused.reason')}</Table.Th>
                <Table.Th ta="right">{t('refused.documents')}</Table.Th>
                <Table.Th ta="right">{t('refused.facilities')}</Table.Th>
                {may('decide') && <Table.Th aria-label={t('refused.everywhere')} />}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {found.map((one) => (
                <Table.Tr key={one.reason} {...(one.reason === reason && { bg: 'var(--mantine-primary-color-light)' })}>
                  <Table.Td>
                    <Anchor
                      component="button"
                      ta="left"
                      aria-pressed={one.reason === reason}
                      onClick={() => setParams({ reason: one.reason })}
                    >
                      {one.reason}
                    </Anchor>
                  </Table.Td>
                  <Table.Td ta="right">{number(one.documents)}</Table.Td>
                  <Table.Td ta="right">{number(one.nodes)}</Table.Td>
                  {may('decide') && (
                    <Table.Td ta="right">
                      <Button
                        variant="light"
                        size="compact-sm"
                        onClick={() => setAgain({ kind: 'reason', reason: one.reason, facilities: one.nodes })}
                      >
                        {t('refused.everywhere')}
                        <span className="kit-hidden">: {one.reason}</span>
                      </Button>
                    </Table.Td>
                  )}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {found.length > 0 && <Documents reason={reason} node={node} onAll={() => setParams({})} onAgain={setAgain} />}
      {again && <RetryModal again={again} onClose={() => setAgain(undefined)} />}
    </>
  )
}

interface DocumentsProps {
  readonly reason: string | null
  readonly node: string | null
  readonly onAll: () => void
  readonly onAgain: (again: Again) => void
}

function Documents({ reason, node, onAll, onAgain }: DocumentsProps) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const nodes = useNodes().data?.nodes ?? []
  const list = useInfiniteQuery({
    queryKey: ['refused', reason, node],
    queryFn: ({ pageParam, signal }) => {
      const query = new URLSearchParams({
        limit: ON_A_PAGE,
        ...(reason !== null && { reason }),
        ...(node !== null && { node }),
        ...(pageParam !== '' && { after: pageParam }),
      })
      return ask<RefusalList>(`/operator/refused?${query}`, { signal })
    },
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })
  const documents = list.data?.pages.flatMap((page) => page.refused) ?? []
  const nameOf = (nodeName: string) => nodes.find((one) => one.nodeName === nodeName)?.name ?? nodeName
  return (
    <section aria-labelledby="documents">
      <Title order={2} id="documents" mb="xs">
        {reason ?? t('refused.list')}
      </Title>
      {(reason !== null || node !== null) && (
        <Button variant="default" size="compact-sm" mb="sm" onClick={onAll}>
          {t('refused.all')}
        </Button>
      )}
      {list.error && <Failure error={list.error} onRetry={() => void list.refetch()} />}
      {documents.length > 0 && (
        <Table.ScrollContainer minWidth={760} className="kit-surface">
          <Table verticalSpacing={6} horizontalSpacing="md">
            <Table.Thead>
              <Table.Tr>
                {(['facility', 'document', 'last', 'attempts'] as const).map((column) => (
                  <Table.Th key={column}>{t(`refused.${column}`)}</Table.Th>
                ))}
                <Table.Th aria-label={t('refused.again')} />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {documents.map(({ nodeName, docId, at, attempts, reason: why }) => (
                <Table.Tr key={`${nodeName} ${docId}`}>
                  <Table.Td>
                    <Anchor component={Link} to={`/facilities/${nodeName}`}>
                      {nameOf(nodeName)}
                    </Anchor>
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" ff="monospace" style={{ overflowWrap: 'anywhere' }}>
                      {docId}
                    </Text>
                    {reason === null && <Text size="sm">{why}</Text>}
                  </Table.Td>
                  <Table.Td>{localMoment(at, i18n.language, nowThere())}</Table.Td>
                  <Table.Td>{localNumber(attempts, i18n.language)}</Table.Td>
                  <Table.Td ta="right">
                    {may('decide') && (
                      <Button
                        variant="light"
                        size="compact-sm"
                        aria-label={t('refused.againFor', { name: nameOf(nodeName) })}
                        onClick={() => onAgain({ kind: 'facility', nodeName, name: nameOf(nodeName) })}
                      >
                        {t('refused.again')}
                      </Button>
                    )}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {list.hasNextPage && (
        <Button mt="sm" variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('frame.more')}
        </Button>
      )}
    </section>
  )
}
