import { Button, Divider, Group, Stack, Text } from '@mantine/core'
import type { FhirResource } from 'fhir/r4'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { localDate, localMoment } from '../../../web-kit/local-form'
import { type Deed, EntryRow } from './entry-row'
import type { Entry, PatientRecord } from './record'

const PAGE = 15
/** In the order in which a visit is told. */
const KINDS: readonly FhirResource['resourceType'][] = [
  'Condition',
  'Observation',
  'MedicationRequest',
  'Immunization',
  'AllergyIntolerance',
  'DiagnosticReport',
  'DocumentReference',
]

/** The visits, newest first, each with what was written at it; then what belongs to none. */
export function VisitList({
  record: { visits, loose },
  onDeed,
}: {
  record: PatientRecord
  onDeed: (deed: Deed, entry: Entry) => void
}) {
  const { t, i18n } = useTranslation()
  const [shown, setShown] = useState(PAGE)
  if (visits.length === 0 && loose.length === 0) return <Text className="kit-quiet">{t('patient.nothing.visits')}</Text>
  return (
    <Stack gap="md">
      {visits.slice(0, shown).map(({ entry, parts }) => (
        <article key={entry.resource.id} className="kit-surface patient-visit">
          <Text size="sm" fw={600} className="kit-quiet" mb={4}>
            {entry.at ? localMoment(entry.at, i18n.language, new Date()) : '–'}
          </Text>
          <EntryRow entry={{ ...entry, title: entry.title ?? t('patient.visit') }} onDeed={onDeed} isUndated />
          {parts.length > 0 && <Divider my="sm" color="var(--kit-line)" />}
          <PartRows parts={parts} onDeed={onDeed} />
        </article>
      ))}
      {visits.length > shown && (
        <Button variant="default" onClick={() => setShown((before) => before + PAGE)}>
          {t('patient.showMore', { count: visits.length - shown })}
        </Button>
      )}
      {loose.length > 0 && visits.length <= shown && (
        <article className="kit-surface patient-visit">
          <Text size="sm" fw={600} className="kit-quiet" mb="xs">
            {t('patient.loose')}
          </Text>
          <LooseRows parts={loose} onDeed={onDeed} />
        </article>
      )}
    </Stack>
  )
}

function LooseRows({ parts, onDeed }: { parts: readonly Entry[]; onDeed: (deed: Deed, entry: Entry) => void }) {
  const { t } = useTranslation()
  const [most, setMost] = useState(PAGE)
  return (
    <Stack gap="sm">
      {parts.slice(0, most).map((entry) => (
        <EntryRow key={entry.resource.id} entry={entry} onDeed={onDeed} />
      ))}
      {parts.length > most && (
        <Button variant="default" onClick={() => setMost((before) => before + PAGE)}>
          {t('patient.showMore', { count: parts.length - most })}
        </Button>
      )}
    </Stack>
  )
}

function PartRows({ parts, onDeed }: { parts: readonly Entry[]; onDeed: (deed: Deed, entry: Entry) => void }) {
  const { t, i18n } = useTranslation()
  const sorted = parts.toSorted(
    (a, b) => KINDS.indexOf(a.resource.resourceType) - KINDS.indexOf(b.resource.resourceType),
  )
  const [most, setMost] = useState(PAGE)
  return (
    <Stack gap="xs">
      {sorted.slice(0, most).map((entry) => (
        <Group key={entry.resource.id} wrap="nowrap" align="flex-start" gap="sm" className="patient-part">
          <Text size="xs" className="kit-quiet patient-kind">
            {t(`patient.kind.${entry.resource.resourceType}`)}
          </Text>
          <div style={{ flex: 1, minWidth: 0 }}>
            <EntryRow entry={entry} onDeed={onDeed} isUndated={isSameDay(entry.at, i18n.language, parts)} />
          </div>
        </Group>
      ))}
      {sorted.length > most && (
        <Button variant="default" size="xs" onClick={() => setMost(sorted.length)}>
          {t('patient.showMore', { count: sorted.length - most })}
        </Button>
      )}
    </Stack>
  )
}

/** Of one visit the day is said once. */
function isSameDay(at: string | undefined, language: string, parts: readonly Entry[]): boolean {
  const days = new Set(parts.flatMap((part) => (part.at === undefined ? [] : [localDate(part.at, language)])))
  return at === undefined || days.size <= 1
}
