import './visit.css'
import { Alert, Anchor, Button, Center, Group, Loader, Modal, Stack, Text, Textarea, Title } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useRef, useState } from 'react'
import { flushSync } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate, useParams } from 'react-router'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { AlsoHere, KeptNote } from '../drafts/draft-note'
import { useDraft } from '../drafts/use-draft'
import { yearsOf } from '../patient/age'
import { originOf } from '../patient/origin'
import { AlwaysInSight, PatientHead } from '../patient/patient-page'
import { recordKey, useRecord } from '../patient/use-record'
import { type AllergyMeeting, meetingOf } from './allergy-check'
import { DiagnosisFields } from './diagnosis-fields'
import { AllergyFields, ImmunizationFields, PrescriptionFields } from './line-fields'
import { atcOfMedicine } from './medicines'
import { begun, EMPTY_VISIT, type Obstacle, obstaclesIn, type VisitForm } from './visit-form'
import { visitTransaction } from './visit-transaction'
import { VitalFields } from './vital-fields'

/** Told by each part of the form what it changes; the rest stays. */
export type Change = (change: (before: VisitForm) => Partial<VisitForm>) => void

export function VisitPage() {
  const { mrn = '' } = useParams()
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const { data, error, refetch } = useRecord(mrn)
  const draft = useDraft<VisitForm>(`visit.${mrn}`, EMPTY_VISIT)
  const [obstacles, setObstacles] = useState<readonly Obstacle[]>([])
  const [saveError, setSaveError] = useState<unknown>()
  const [isSaving, setSaving] = useState(false)
  const [isDiscarding, setDiscarding] = useState(false)
  const page = useRef<HTMLFormElement>(null)
  const form = draft.content

  // What is on the screen already stays there, whatever becomes of a look at the record behind it.
  if (draft.error || (error && !data)) {
    const again = () => {
      void refetch()
      draft.retry()
    }
    return <Failure error={draft.error ?? error} onRetry={again} />
  }
  if (!data || !draft.isReady) {
    return (
      <Center p="xl">
        <Loader aria-label={t('frame.loading')} />
      </Center>
    )
  }
  const { record } = data
  const years = yearsOf(record.patient.birthDate, new Date())
  const meeting = (medicine: string): AllergyMeeting | undefined =>
    meetingOf({ name: medicine, atc: atcOfMedicine(medicine) }, [
      ...record.allergies
        .filter(({ isActive, isCancelled }) => isActive && !isCancelled)
        .map(({ resource }) => resource),
      ...form.allergies.map(({ substance }) => ({ code: { text: substance } })),
    ])
  const obstaclesNow = (now: VisitForm) => obstaclesIn(now, years, (medicine) => meeting(medicine) !== undefined)
  const change: Change = (part) => {
    draft.change((before) => ({ ...begun(before, new Date()), ...part(before) }))
    setObstacles([])
    setSaveError(undefined)
  }
  const leave = () => navigate(`/patients/${mrn}`)

  const save = async (event: FormEvent) => {
    event.preventDefault()
    const found = obstaclesNow(form)
    setObstacles(found)
    if (found.length > 0) {
      requestAnimationFrame(() => page.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      return
    }
    const focused = document.activeElement
    setSaving(true)
    setSaveError(undefined)
    try {
      const words = {
        vital: (name: string) => t(`patient.vital.${name}`),
        note: t('visit.note'),
        despite: (because: string) => t('visit.despite', { because }),
      }
      await ask('/fhir', { method: 'POST', body: visitTransaction(mrn, form, new Date(), words) })
      // It is saved; a draft that could not be discarded now has the same ids, and saves nothing twice.
      await draft.discard().catch(() => undefined)
      await queries.invalidateQueries({ queryKey: recordKey(mrn) })
      await leave()
    } catch (cause) {
      flushSync(() => {
        setSaveError(cause)
        setSaving(false)
      })
      // What could not be typed into meanwhile has lost it.
      if (focused instanceof HTMLElement) focused.focus()
    }
  }
  const discard = async () => {
    try {
      await draft.discard()
      await leave()
    } catch (cause) {
      setSaveError(cause)
      setDiscarding(false)
    }
  }

  return (
    <>
      <Anchor component={Link} to={`/patients/${mrn}`} size="sm">
        <Group gap={4} display="inline-flex" mb="xs">
          <IconArrowLeft size={16} aria-hidden="true" />
          {t('visit.back')}
        </Group>
      </Anchor>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      <PatientHead record={record} actions={<Text fw={600}>{t('visit.title')}</Text>} />
      <div className="patient-columns">
        <AlwaysInSight record={record} />
        {originOf(record.patient).kind === 'imported' ? (
          <Alert>{t('visit.copy')}</Alert>
        ) : (
          <form ref={page} onSubmit={(event) => void save(event)} onBlur={draft.keepNow} noValidate autoComplete="off">
            <fieldset className="visit-fields" disabled={isSaving}>
              <Stack gap="md">
                <AlsoHere form={draft} />
                <Part title={t('visit.complaint')}>
                  <Textarea
                    aria-label={t('visit.complaint')}
                    description={t('visit.complaintHint')}
                    autosize
                    minRows={2}
                    maxLength={2_000}
                    value={form.complaint}
                    onChange={({ currentTarget: { value } }) => change(() => ({ complaint: value }))}
                  />
                </Part>
                <Part title={t('visit.vitals')}>
                  <VitalFields form={form} change={change} years={years} isAsked={obstacles.length > 0} />
                </Part>
                <Part title={t('visit.diagnosis')}>
                  <DiagnosisFields form={form} change={change} obstacles={obstacles} />
                </Part>
                <Part title={t('visit.prescriptions')}>
                  <PrescriptionFields form={form} change={change} obstacles={obstacles} meeting={meeting} />
                </Part>
                <Part title={t('visit.immunizations')}>
                  <ImmunizationFields form={form} change={change} obstacles={obstacles} />
                </Part>
                <Part title={t('visit.allergies')}>
                  <AllergyFields form={form} change={change} obstacles={obstacles} />
                </Part>
                <Part title={t('visit.notes')}>
                  <Textarea
                    aria-label={t('visit.notes')}
                    autosize
                    minRows={3}
                    maxLength={10_000}
                    value={form.notes}
                    onChange={({ currentTarget: { value } }) => change(() => ({ notes: value }))}
                  />
                </Part>
                <div className="visit-actions">
                  {saveError !== undefined && <Failure error={saveError} my={0} />}
                  {obstacles.length > 0 && (
                    <Alert color="yellow" role="alert" p="xs">
                      {t(obstacles[0]?.kind === 'empty' ? 'visit.empty' : 'visit.see')}
                    </Alert>
                  )}
                  <KeptNote form={draft} />
                  <Group gap="xs">
                    {form.visit !== undefined && (
                      <Button variant="default" onClick={() => setDiscarding(true)}>
                        {t('visit.discard')}
                      </Button>
                    )}
                    <Button type="submit" loading={isSaving} size="md">
                      {t('visit.save')}
                    </Button>
                  </Group>
                </div>
              </Stack>
            </fieldset>
          </form>
        )}
      </div>
      <Modal
        opened={isDiscarding}
        onClose={() => setDiscarding(false)}
        title={t('visit.discardTitle')}
        closeButtonProps={{ 'aria-label': t('patient.close') }}
      >
        <Text mb="md">{t('visit.discardHint')}</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={() => setDiscarding(false)} data-autofocus>
            {t('visit.discardNo')}
          </Button>
          <Button color="red" onClick={() => void discard()}>
            {t('visit.discardYes')}
          </Button>
        </Group>
      </Modal>
    </>
  )
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="kit-surface visit-part">
      <Title order={2} size="h3" mb="xs">
        {title}
      </Title>
      {children}
    </section>
  )
}
