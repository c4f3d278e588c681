import { Alert, Button, Center, Group, Loader, Stack, Title } from '@mantine/core'
import { IconLock } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Patient } from 'fhir/r4'
import { type FormEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { AskError, ask, askVersioned } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { AlsoHere, KeptNote } from '../drafts/draft-note'
import { useDraft } from '../drafts/use-draft'
import { originOf } from '../patient/origin'
import { BackLink } from './back-link'
import { Conflict, whoChanged } from './conflict'
import { type Meanwhile, merged } from './meanwhile'
import { focusFirst, PatientFields } from './patient-fields'
import { EMPTY_FORM, type Field, formOf, type PatientForm, type Problems, patientOf, problemsOf } from './patient-form'

interface Version {
  value: Patient
  version: string
}

/** What is kept while it is typed: also what was read, for what others change meanwhile is told by it. */
interface Edit {
  form: PatientForm
  readForm: PatientForm | null
  readVersion: string
}

const UNTOUCHED: Edit = { form: EMPTY_FORM, readForm: null, readVersion: '' }

export function EditPage() {
  const { mrn = '' } = useParams()
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery({
    queryKey: ['patient-edit', mrn],
    queryFn: ({ signal }) => askVersioned<Patient>(`/fhir/Patient/${mrn}`, { signal }),
    // The form is of this version until it is saved; what others do meanwhile is told.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  const origin = data && originOf(data.value)
  const facility = origin?.kind === 'imported' ? origin.facility : undefined
  return (
    <>
      <BackLink to={`/patients/${mrn}`} label={t('patients.toPatient')} />
      <Title order={1} mb="md">
        {t('patients.edit')}
      </Title>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {!data && !error && (
        <Center p="xl">
          <Loader aria-label={t('frame.loading')} />
        </Center>
      )}
      {facility !== undefined && <Alert icon={<IconLock />}>{t('patients.readOnly', { facility })}</Alert>}
      {data && facility === undefined && <EditForm key={mrn} mrn={mrn} read={data} />}
    </>
  )
}

function EditForm({ mrn, read }: { mrn: string; read: Version }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const queries = useQueryClient()
  const draft = useDraft(`patients.edit.${mrn}`, UNTOUCHED)
  const [newest, setNewest] = useState(read)
  const [conflict, setConflict] = useState<{ meanwhile: readonly Meanwhile[]; who?: string | undefined }>()
  const [problems, setProblems] = useState<Problems>({})
  const [error, setError] = useState<unknown>()
  const [isBusy, setBusy] = useState(false)
  const base = draft.content.readForm ?? formOf(newest.value)
  const version = draft.content.readVersion || newest.version
  const form = draft.content.readForm ? draft.content.form : base

  const change = (next: PatientForm) => draft.change({ form: next, readForm: base, readVersion: version })
  const onChange = (field: Field, value: string) => {
    change({ ...form, [field]: value })
    setProblems(({ [field]: _, ...others }) => others)
  }
  const seeOthers = async () => {
    const now = await askVersioned<Patient>(`/fhir/Patient/${mrn}`)
    const theirs = formOf(now.value)
    const { form: mine, meanwhile } = merged(base, form, theirs)
    setNewest(now)
    setConflict({ meanwhile, who: await whoChanged(mrn) })
    if (draft.content.readForm) draft.change({ form: mine, readForm: theirs, readVersion: now.version })
  }
  // What is read anew while somebody types is another's work.
  const isOwnSave = useRef(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each version that comes
  useEffect(() => {
    if (!isOwnSave.current && read.version !== newest.version) void seeOthers().catch(setError)
  }, [read.version])
  const save = async () => {
    // A draft of an older version meets the newest: the same question as when somebody is faster.
    if (version !== newest.version) return seeOthers()
    isOwnSave.current = true
    try {
      await ask(`/fhir/Patient/${mrn}`, {
        method: 'PUT',
        body: patientOf(form, new Date(), newest.value),
        headers: { 'if-match': version },
      })
    } catch (cause) {
      isOwnSave.current = false
      const isConflict = cause instanceof AskError && ['VERSION_CONFLICT', 'EDIT_CONFLICT'].includes(cause.code)
      if (isConflict) return seeOthers()
      throw cause
    }
    await draft.discard().catch(() => undefined)
    await queries.invalidateQueries()
    navigate(`/patients/${mrn}`)
  }
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (isBusy) return
    // A patient from elsewhere may lack what a new one must have; only what was typed is asked for.
    const found = Object.fromEntries(
      Object.entries(problemsOf(form, new Date())).filter(([field]) => form[field as Field] !== base[field as Field]),
    ) as Problems
    setProblems(found)
    if (Object.keys(found).length > 0) return focusFirst(found)
    setBusy(true)
    setError(undefined)
    try {
      await save()
    } catch (cause) {
      setError(cause)
    } finally {
      setBusy(false)
    }
  }

  if (draft.error !== undefined) return <Failure error={draft.error} onRetry={draft.retry} />
  if (!draft.isReady) return null
  return (
    <form onSubmit={(event) => void submit(event)} noValidate className="kit-surface" style={{ maxWidth: '46rem' }}>
      <Stack p="md">
        <AlsoHere form={draft} />
        {conflict && <Conflict {...conflict} form={form} onTake={onChange} />}
        <PatientFields form={form} problems={problems} onChange={onChange} onLeave={draft.keepNow} />
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
              onClick={() => void draft.discard().finally(() => navigate(`/patients/${mrn}`))}
            >
              {t('patients.discard')}
            </Button>
          </Group>
          <KeptNote form={draft} />
        </Group>
      </Stack>
    </form>
  )
}
