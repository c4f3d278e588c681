import { Alert, Button, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskError, ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { numberIn } from '../visit/vital-signs'
import { type Correction, cancelled, correctable, corrected, STATUSES } from './amend'
import type { Entry, Shown } from './record'
import { recordKey } from './use-record'

export interface AmendModalProps {
  readonly mrn: string
  readonly entry: Entry
  readonly deed: 'correct' | 'cancel'
  readonly onClose: () => void
}

/** Puts one thing right, or says that it was a mistake; why, is asked each time. What somebody else did meanwhile stays. */
export function AmendModal({ mrn, entry: { resource, title }, deed, onClose }: AmendModalProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [fields, setFields] = useState<Correction>(() => correctable(resource))
  const [reason, setReason] = useState('')
  const [isAsked, setAsked] = useState(false)
  const [isSaving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>()
  const isConflict = error instanceof AskError && ['VERSION_CONFLICT', 'EDIT_CONFLICT'].includes(error.code)
  const badValue =
    (fields.value !== undefined && numberIn(fields.value) === undefined) ||
    (fields.parts?.some(({ value }) => numberIn(value) === undefined) ?? false)
  const change = (part: Correction) => setFields((before) => ({ ...before, ...part }))
  const detailLabel = DETAIL_LABELS[resource.resourceType]
  const statuses = STATUSES[resource.resourceType]

  const save = async (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (reason.trim() === '' || (deed === 'correct' && badValue)) return
    setSaving(true)
    setError(undefined)
    const body = deed === 'cancel' ? cancelled(resource, reason.trim()) : corrected(resource, fields, reason.trim())
    try {
      await ask<Shown>(`/fhir/${resource.resourceType}/${resource.id}`, {
        method: 'PUT',
        body,
        headers: { 'if-match': `W/"${resource.meta?.versionId}"` },
      })
      await queries.invalidateQueries({ queryKey: recordKey(mrn) })
      onClose()
    } catch (cause) {
      setError(cause)
    } finally {
      setSaving(false)
    }
  }
  const showNow = async () => {
    await queries.invalidateQueries({ queryKey: recordKey(mrn) })
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(`patient.${deed}Title`, { title: title ?? t('patient.untitled') })}
      closeButtonProps={{ 'aria-label': t('patient.close') }}
    >
      <form onSubmit={(event) => void save(event)} noValidate>
        <Stack gap="sm">
          {deed === 'cancel' && <Text size="sm">{t('patient.cancelHint')}</Text>}
          {deed === 'correct' && fields.title !== undefined && (
            <TextInput
              label={t('patient.name')}
              value={fields.title}
              onChange={({ currentTarget }) => change({ title: currentTarget.value })}
            />
          )}
          {deed === 'correct' && fields.value !== undefined && (
            <TextInput
              label={t('patient.value')}
              inputMode="decimal"
              value={fields.value}
              error={badValue && t('patient.noNumber')}
              onChange={({ currentTarget }) => change({ value: currentTarget.value })}
            />
          )}
          {deed === 'correct' &&
            fields.parts?.map((part, index) => (
              <TextInput
                key={part.title}
                label={part.title}
                inputMode="decimal"
                value={part.value}
                error={numberIn(part.value) === undefined && t('patient.noNumber')}
                onChange={({ currentTarget: { value } }) =>
                  change({ parts: (fields.parts ?? []).with(index, { ...part, value }) })
                }
              />
            ))}
          {deed === 'correct' && fields.detail !== undefined && detailLabel && (
            <Textarea
              autosize
              label={t(detailLabel)}
              value={fields.detail}
              onChange={({ currentTarget }) => change({ detail: currentTarget.value })}
            />
          )}
          {deed === 'correct' && statuses && (
            <Select
              label={t('patient.status.title')}
              allowDeselect={false}
              data={statuses.map((value) => ({ value, label: t(`patient.status.${value}`) }))}
              value={fields.status ?? null}
              onChange={(status) => status && change({ status })}
            />
          )}
          <TextInput
            label={t('patient.reason')}
            description={t('patient.reasonHint')}
            required
            maxLength={200}
            value={reason}
            error={isAsked && reason.trim() === '' && t('patient.reasonMissing')}
            onChange={({ currentTarget }) => setReason(currentTarget.value)}
            data-autofocus={deed === 'cancel' || undefined}
          />
          {isConflict && (
            <Alert color="yellow" role="alert">
              {t('patient.changedMeanwhile')}
              <Button mt="xs" size="xs" variant="light" onClick={() => void showNow()}>
                {t('patient.showNow')}
              </Button>
            </Alert>
          )}
          {error !== undefined && !isConflict && <Failure error={error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {t('patient.close')}
            </Button>
            <Button type="submit" loading={isSaving} color={deed === 'cancel' ? 'red.9' : 'leaf'}>
              {t(deed === 'cancel' ? 'patient.cancel' : 'patient.save')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}

const DETAIL_LABELS: Readonly<Partial<Record<Shown['resourceType'], string>>> = {
  MedicationRequest: 'patient.detail.MedicationRequest',
  Immunization: 'patient.detail.Immunization',
  Observation: 'patient.detail.Observation',
  DiagnosticReport: 'patient.detail.DiagnosticReport',
}
