import { Button, Center, Group, Loader, Stack, Text, Title } from '@mantine/core'
import { IconFolderOpen, IconPrinter, IconUserPlus } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import type { Patient } from 'fhir/r4'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import type { DuplicateList, DuplicateRequest } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { KeptNote } from '../drafts/draft-note'
import { useDraft } from '../drafts/use-draft'
import { BackLink } from './back-link'
import { DuplicatesView } from './duplicates-view'
import { nameOf } from './name-of'
import { focusFirst, PatientFields } from './patient-fields'
import { birthDateOf, EMPTY_FORM, type PatientForm, type Problems, patientOf, problemsOf } from './patient-form'
import './patients.css'

type Stage =
  | { kind: 'typing' }
  | { kind: 'comparing'; candidates: DuplicateList['candidates'] }
  | { kind: 'saved'; patient: Patient }

export function RegisterPage() {
  const { t } = useTranslation()
  return (
    <RegisterForm
      draftId="patients.new"
      empty={EMPTY_FORM}
      title={t('patients.register')}
      hint={t('patients.registerHint')}
      back={{ to: '/patients', label: t('patients.back') }}
      make={patientOf}
      isForMany
    />
  )
}

export interface RegisterFormProps {
  readonly draftId: string
  /** What stands in the form before anything is typed; the same object at each call. */
  readonly empty: PatientForm
  readonly title: string
  readonly hint: string
  readonly back: { readonly to: string; readonly label: string }
  /** The patient that is saved. */
  readonly make: (form: PatientForm, today: Date) => Patient
  /** An MRN that is known to be the same person's, and no duplicate. */
  readonly except?: string
  readonly note?: ReactNode
  /** Whether another one can be registered after it. */
  readonly isForMany?: boolean
}

export function RegisterForm({ draftId, empty, title, hint, back, make, except, note, isForMany }: RegisterFormProps) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const draft = useDraft(draftId, empty)
  const { content: form, isReady } = draft
  const [stage, setStage] = useState<Stage>({ kind: 'typing' })
  const [problems, setProblems] = useState<Problems>({})
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)

  const during = async (work: () => Promise<void>) => {
    setBusy(true)
    setError(undefined)
    try {
      await work()
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }
  const save = async () => {
    const patient = await ask<Patient>('/fhir/Patient', { method: 'POST', body: make(form, new Date()) })
    setStage({ kind: 'saved', patient })
    void queries.invalidateQueries({ queryKey: ['patients'] })
    // The patient is safe; a draft that stays behind is no reason to say otherwise.
    await draft.discard().catch(() => undefined)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    const found = problemsOf(form, new Date())
    setProblems(found)
    if (Object.keys(found).length > 0) return focusFirst(found)
    void during(async () => {
      const { candidates } = await ask<DuplicateList>('/app/duplicates', {
        method: 'POST',
        body: { ...enteredBy(form), ...(except && { except }) },
      })
      if (candidates.length > 0) setStage({ kind: 'comparing', candidates })
      else await save()
    })
  }

  if (stage.kind === 'saved') {
    const another = isForMany ? { onAnother: () => setStage({ kind: 'typing' }) } : {}
    return <Saved patient={stage.patient} {...another} />
  }
  if (stage.kind === 'comparing') {
    return (
      <>
        {error !== undefined && <Failure error={error} />}
        <DuplicatesView
          form={form}
          candidates={stage.candidates}
          isBusy={isBusy}
          onIs={(mrn) => void draft.discard().finally(() => navigate(`/patients/${mrn}`))}
          onAnother={() => void during(save)}
          onBack={() => setStage({ kind: 'typing' })}
        />
      </>
    )
  }
  return (
    <>
      <BackLink {...back} />
      <Title order={1}>{title}</Title>
      <Text className="kit-quiet" mb="md">
        {hint}
      </Text>
      {note}
      {draft.error !== undefined && <Failure error={draft.error} onRetry={draft.retry} />}
      {!isReady && draft.error === undefined && (
        <Center p="xl">
          <Loader aria-label={t('frame.loading')} />
        </Center>
      )}
      {isReady && (
        <form onSubmit={submit} noValidate className="kit-surface" style={{ maxWidth: '46rem' }}>
          <Stack p="md">
            <PatientFields
              form={form}
              problems={problems}
              onChange={(field, value) => {
                draft.change((before) => ({ ...before, [field]: value }))
                setProblems(({ [field]: _, ...others }) => others)
              }}
              onLeave={draft.keepNow}
            />
            {error !== undefined && <Failure error={error} />}
            <Group justify="space-between">
              <Group gap="xs">
                <Button type="submit" size="md" loading={isBusy}>
                  {t('patients.save')}
                </Button>
                <Button
                  variant="subtle"
                  color="gray"
                  size="md"
                  onClick={() => {
                    setProblems({})
                    void during(() => draft.discard())
                  }}
                >
                  {t('patients.clear')}
                </Button>
              </Group>
              <KeptNote form={draft} />
            </Group>
          </Stack>
        </form>
      )}
    </>
  )
}

function Saved({ patient, onAnother }: { patient: Patient; onAnother?: () => void }) {
  const { t } = useTranslation()
  const open = useRef<HTMLAnchorElement>(null)
  useEffect(() => open.current?.focus(), [])
  return (
    <Stack className="kit-surface" p="xl" align="center" gap="md" ta="center">
      <Title order={1}>{t('patients.saved')}</Title>
      <Text size="lg" fw={600}>
        {nameOf(patient)}
      </Text>
      <div role="status">
        <div className="patients-big-mrn">{patient.id}</div>
        <Text className="kit-quiet">{t('patients.savedHint')}</Text>
      </div>
      <Group justify="center">
        <Button
          ref={open}
          component={Link}
          to={`/patients/${patient.id}`}
          size="md"
          leftSection={<IconFolderOpen size={20} aria-hidden="true" />}
        >
          {t('patients.open')}
        </Button>
        <Button
          component={Link}
          to={`/patients/${patient.id}/card`}
          size="md"
          variant="light"
          leftSection={<IconPrinter size={20} aria-hidden="true" />}
        >
          {t('patients.printCard')}
        </Button>
        {onAnother && (
          <Button
            size="md"
            variant="subtle"
            leftSection={<IconUserPlus size={20} aria-hidden="true" />}
            onClick={onAnother}
          >
            {t('patients.another')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function enteredBy(form: PatientForm): DuplicateRequest {
  const birthDate = birthDateOf(form.born, new Date())
  return {
    name: form.name.trim(),
    ...(birthDate !== undefined && { birthDate }),
    ...(form.sex !== '' && { sex: form.sex }),
    ...(form.phone.trim() !== '' && { phone: form.phone.trim().slice(0, 50) }),
    ...(form.nik.trim() !== '' && { identifier: form.nik.replace(/[ .-]/g, '') }),
  }
}
