import { Button, Loader, Modal, Stack, Text, Timeline } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import type { Bundle, FhirResource, Patient, Provenance } from 'fhir/r4'
import { useTranslation } from 'react-i18next'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { reasonOf } from './amend'
import { type Entry, recordOf } from './record'
import { pathOf } from './use-record'
import { whoWrote } from './who-wrote'

const PAGE = 20
const NOBODY: Patient = { resourceType: 'Patient' }

/** All versions of one thing, newest first, with who made each and why; honest about those that are no longer kept. */
export function HistoryModal({
  entry: { resource, title },
  provenances,
  onClose,
}: {
  entry: Entry
  provenances: readonly Provenance[]
  onClose: () => void
}) {
  const { t, i18n } = useTranslation()
  const path = `/fhir/${resource.resourceType}/${resource.id}/_history`
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['history', path, resource.meta?.versionId],
    queryFn: ({ signal, pageParam }) => ask<Bundle<FhirResource>>(pageParam, { signal }),
    initialPageParam: `${path}?_count=${PAGE}`,
    getNextPageParam: ({ link }) => pathOf(link?.find(({ relation }) => relation === 'next')?.url),
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={`${t('patient.history')}: ${title ?? t('patient.untitled')}`}
      closeButtonProps={{ 'aria-label': t('patient.close') }}
    >
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Loader aria-label={t('frame.loading')} />}
      <Timeline active={0} bulletSize={16} lineWidth={2}>
        {(data?.pages.flatMap(({ entry = [] }) => entry) ?? []).map(
          ({ resource: version, response, request }, index, all) => {
            const etag = response?.etag ?? String(index)
            const number = /(\d+)-/.exec(etag)?.[1] ?? '?'
            const shown = version && entryIn(version)
            const at = response?.lastModified
            const before = all[index + 1]
            const beforeAt = before?.response?.lastModified
            // Whose change it was is known by the version before it, which may be on the next page.
            const isKnown = before !== undefined || !hasNextPage
            const who =
              isKnown &&
              shown &&
              at &&
              whoWrote({ resource: shown.resource, at, beforeAt, isFirst: number === '1' }, provenances)
            return (
              <Timeline.Item
                key={etag}
                title={
                  <Text fw={600} size="sm">
                    {t('patient.version', { number })}
                    {index === 0 && ` (${t('patient.now')})`}
                  </Text>
                }
              >
                <Stack gap={2}>
                  {at && (
                    <Text size="xs" className="kit-quiet">
                      {[localMoment(at, i18n.language, new Date()), who].filter(Boolean).join(' · ')}
                    </Text>
                  )}
                  {shown && (
                    <Text size="sm" td={shown.isCancelled ? 'line-through' : undefined}>
                      {[shown.title, shown.detail].filter(Boolean).join(': ')}
                    </Text>
                  )}
                  {shown && reasonOf(shown.resource) && (
                    <Text size="sm" fs="italic">
                      “{reasonOf(shown.resource)}”
                    </Text>
                  )}
                  {!version && (
                    <Text size="sm" className="kit-quiet">
                      {t(request?.method === 'DELETE' ? 'patient.deleted' : 'patient.compacted')}
                    </Text>
                  )}
                </Stack>
              </Timeline.Item>
            )
          },
        )}
      </Timeline>
      {hasNextPage && (
        <Button mt="md" variant="default" onClick={() => void fetchNextPage()} loading={isFetchingNextPage}>
          {t('patient.older')}
        </Button>
      )}
    </Modal>
  )
}

/** A version in the words of the page. */
function entryIn(version: FhirResource): Entry | undefined {
  const { visits, loose } = recordOf(NOBODY, [version])
  return visits[0]?.entry ?? loose[0]
}
