import { Alert, Anchor, Button, Center, Divider, Group, Loader, Stack, Tabs, Text, Title } from '@mantine/core'
import { IconAlertTriangle, IconArrowLeft, IconLock } from '@tabler/icons-react'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useParams, useSearchParams } from 'react-router'
import { AskError } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localDate, localMoment } from '../../../web-kit/local-form'
import { CopyDeeds, LinkedRecords } from '../imports/linked-records'
import { nameOf } from '../patients/name-of'
import { ageOf } from './age'
import { AmendModal } from './amend-modal'
import { type Deed, EntryRow, OriginText } from './entry-row'
import { HistoryModal } from './history-modal'
import { type Origin, originOf } from './origin'
import { PatientDeeds, PatientDetails } from './patient-deeds'
import './patient.css'
import { useSession } from '../session/use-session'
import { type Entry, isLasting, type PatientRecord } from './record'
import { UnfinishedVisit } from './unfinished-visit'
import { useRecord } from './use-record'
import { VisitList } from './visit-list'

const VitalCharts = lazy(() => import('./vital-charts').then(({ VitalCharts: drawn }) => ({ default: drawn })))

const PARTS = ['visits', 'medications', 'immunizations', 'vitals', 'documents'] as const

export function PatientPage() {
  const { mrn = '' } = useParams()
  const { t } = useTranslation()
  const isClinical = useSession().may('clinical')
  const { data, error, refetch } = useRecord(mrn, isClinical)
  // With what was written at a visit as it was seen then: what somebody changes meanwhile is a conflict, and not cancelled unseen.
  const [open, setOpen] = useState<{ deed: Deed; entry: Entry; parts: readonly Entry[] } | undefined>()
  const close = () => setOpen(undefined)
  return (
    <>
      <Anchor component={Link} to="/patients" size="sm" className="kit-no-print">
        <Group gap={4} display="inline-flex" mb="xs">
          <IconArrowLeft size={16} aria-hidden="true" />
          {t('patient.back')}
        </Group>
      </Anchor>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {error instanceof AskError && error.code === 'RESOURCE_NOT_FOUND' && (
        <Anchor component={Link} to={`/bring?mrn=${mrn}`}>
          {t('imports.record.bring')}
        </Anchor>
      )}
      {!data && !error && (
        <Center p="xl">
          <Loader aria-label={t('frame.loading')} />
        </Center>
      )}
      {data && (
        <>
          <PatientHead record={data.record} />
          {originOf(data.record.patient).kind === 'own' && <UnfinishedVisit mrn={mrn} />}
          {!data.isWhole && (
            <Alert color="yellow" mb="md">
              {t('patient.notWhole')}
            </Alert>
          )}
          {isClinical ? (
            <div className="patient-columns">
              <AlwaysInSight record={data.record} />
              <Parts
                record={data.record}
                onDeed={(deed, entry) => setOpen({ deed, entry, parts: partsOf(data.record, entry) })}
              />
            </div>
          ) : (
            <PatientDetails patient={data.record.patient} />
          )}
        </>
      )}
      {open?.deed === 'history' && (
        <HistoryModal entry={open.entry} provenances={data?.record.provenances ?? []} onClose={close} />
      )}
      {open && open.deed !== 'history' && (
        <AmendModal
          mrn={mrn}
          birthDate={data?.record.patient.birthDate}
          entry={open.entry}
          parts={open.parts}
          deed={open.deed}
          onClose={close}
        />
      )}
    </>
  )
}

/** Of a visit. */
function partsOf({ visits }: PatientRecord, { resource }: Entry): readonly Entry[] {
  return visits.find(({ entry }) => entry.resource.id === resource.id)?.parts ?? []
}

export function PatientHead({ record: { patient }, actions }: { record: PatientRecord; actions?: ReactNode }) {
  const { t, i18n } = useTranslation()
  const age = ageOf(patient.birthDate, new Date())
  const origin = originOf(patient)
  return (
    <Stack gap="xs" mb="md">
      <Group justify="space-between" align="flex-start" gap="sm">
        <div>
          <Title order={1}>{nameOf(patient)}</Title>
          <Group gap="xs" mt={4}>
            {age && <Text fw={600}>{t(`patient.age.${age.unit}`, { count: age.count })}</Text>}
            <Text>{t(`patients.${patient.gender ?? 'unknown'}`)}</Text>
            {patient.birthDate && (
              <Text className="kit-quiet">
                {t('patient.bornOn', { date: localDate(patient.birthDate, i18n.language) })}
              </Text>
            )}
            <Text ff="monospace">{patient.id}</Text>
          </Group>
        </div>
        {actions ?? (origin.kind === 'own' ? <PatientDeeds patient={patient} /> : <CopyDeeds mrn={patient.id ?? ''} />)}
      </Group>
      {origin.kind === 'imported' && (
        <Alert
          variant="light"
          color="blue"
          icon={<IconLock />}
          title={
            origin.at === undefined
              ? t('imports.record.readOnly', { facility: origin.facility })
              : t('imports.record.readOnlyAt', {
                  facility: origin.facility,
                  at: localMoment(origin.at, i18n.language, new Date()),
                })
          }
        >
          <Text size="sm">{t('imports.record.hint')}</Text>
        </Alert>
      )}
      <LinkedRecords patient={patient} />
    </Stack>
  )
}

/** What nobody may overlook: beside the page while it is scrolled, above it where the screen is narrow. */
export function AlwaysInSight({ record: { allergies, problems } }: { record: PatientRecord }) {
  const { t } = useTranslation()
  const holding = (entries: readonly Entry[]) => entries.filter(({ isCancelled, isActive }) => !isCancelled && isActive)
  const allergic = holding(allergies)
  const problematic = holding(problems.filter(({ resource }) => isLasting(resource)))
  return (
    <aside className="patient-aside">
      <section className={`kit-surface patient-box ${allergic.length > 0 ? 'patient-warns' : ''}`}>
        <Group gap={6} wrap="nowrap">
          {allergic.length > 0 && <IconAlertTriangle size={20} aria-hidden="true" />}
          <Title order={2} size="h4">
            {t('patient.allergies')}
          </Title>
        </Group>
        {allergic.length === 0 && (
          <Text size="sm" className="kit-quiet">
            {t('patient.noAllergies')}
          </Text>
        )}
        <ul className="patient-plain">
          {allergies
            .filter(({ isActive, isCancelled }) => isActive && !isCancelled)
            .map(({ resource, title, detail, origin }) => (
              <li key={resource.id}>
                <Text fw={650} span>
                  {title ?? t('patient.untitled')}
                </Text>
                {resource.criticality === 'high' && <Text span> ({t('patient.severe')})</Text>}
                {detail && <Text size="sm">{detail}</Text>}
                <CameFrom origin={origin} />
              </li>
            ))}
        </ul>
      </section>
      <section className="kit-surface patient-box">
        <Title order={2} size="h4">
          {t('patient.problems')}
        </Title>
        {problematic.length === 0 && (
          <Text size="sm" className="kit-quiet">
            {t('patient.noProblems')}
          </Text>
        )}
        <ul className="patient-plain">
          {problematic.map(({ resource, title, detail, origin }) => (
            <li key={resource.id}>
              <Text span>{title ?? t('patient.untitled')}</Text>{' '}
              {detail && (
                <Text span size="sm" className="kit-quiet">
                  {detail}
                </Text>
              )}
              <CameFrom origin={origin} />
            </li>
          ))}
        </ul>
      </section>
    </aside>
  )
}

function CameFrom({ origin }: { origin: Origin }) {
  if (origin.kind === 'own') return null
  return (
    <Text size="xs">
      <OriginText origin={origin} />
    </Text>
  )
}

function Parts({ record, onDeed }: { record: PatientRecord; onDeed: (deed: Deed, entry: Entry) => void }) {
  const { t } = useTranslation()
  const [search, setSearch] = useSearchParams()
  const part = PARTS.find((one) => one === search.get('part')) ?? 'visits'
  const lists = { medications: record.medications, immunizations: record.immunizations, documents: record.documents }
  return (
    <Tabs
      value={part}
      onChange={(next) => setSearch(next ? { part: next } : {}, { replace: true })}
      keepMounted={false}
      miw={0}
    >
      <Tabs.List mb="md" aria-label={t('patient.parts')}>
        {PARTS.map((one) => (
          <Tabs.Tab key={one} value={one}>
            {t(`patient.part.${one}`)}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="visits">
        <VisitList record={record} onDeed={onDeed} />
      </Tabs.Panel>
      <Tabs.Panel value="vitals">
        {Object.keys(record.vitals).length === 0 ? (
          <Text className="kit-quiet">{t('patient.nothing.vitals')}</Text>
        ) : (
          <Suspense fallback={<Loader aria-label={t('frame.loading')} />}>
            <VitalCharts vitals={record.vitals} />
          </Suspense>
        )}
      </Tabs.Panel>
      {(['medications', 'immunizations', 'documents'] as const).map((name) => (
        <Tabs.Panel key={name} value={name}>
          {lists[name].length === 0 && <Text className="kit-quiet">{t(`patient.nothing.${name}`)}</Text>}
          {lists[name].length > 0 && <Paged entries={lists[name]} onDeed={onDeed} />}
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}

const PAGE = 30

/** A long list, a part at a time. */
function Paged({ entries, onDeed }: { entries: readonly Entry[]; onDeed: (deed: Deed, entry: Entry) => void }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState(PAGE)
  return (
    <Stack gap="sm" className="kit-surface" p="md">
      {entries.slice(0, shown).map((entry, index) => (
        <div key={entry.resource.id}>
          {index > 0 && <Divider mb="sm" color="var(--kit-line)" />}
          <EntryRow entry={entry} onDeed={onDeed} />
        </div>
      ))}
      {entries.length > shown && (
        <Button variant="default" onClick={() => setShown((before) => before + PAGE)}>
          {t('patient.showMore', { count: entries.length - shown })}
        </Button>
      )}
    </Stack>
  )
}
