import { Alert, Button, Checkbox, Group, Modal, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskError, ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { mrnIn } from '../live/concerned'
import { VitalField } from '../visit/vital-field'
import { numberIn } from '../visit/vital-signs'
import { yearsOf } from './age'
import { type Correction, cancelledTogether, correctable, corrected, emptied, isPlausible, STATUSES } from './amend'
import type { Entry, Shown } from './record'
import { recordKey } from './use-record'

export interface AmendModalProps {
  readonly mrn: string
  readonly birthDate: string | undefined
  readonly entry: Entry
  /** Of a visit: what was written at it. */
  readonly parts: readonly Entry[]
  readonly deed: 'correct' | 'cancel'
  readonly onClose: () => void
}

/** Puts one thing right, or says that it was a mistake; why, is asked each time. What somebody else did meanwhile stays. */
export function AmendModal({ mrn, birthDate, entry, parts, deed, onClose }: AmendModalProps) {
  const { resource, title, at } = entry
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [fields, setFields] = useState<Correction>(() => correctable(resource))
  const [reason, setReason] = useState('')
  const [isAsked, setAsked] = useState(false)
  const [isSaving, setSaving] = useState(false)
  const [error, setError] = useState<unknown>()
  const isConflict = error instanceof AskError && ['VERSION_CONFLICT', 'EDIT_CONFLICT'].includes(error.code)
  // As old as the patient was then.
  const years = yearsOf(birthDate, new Date(at ?? Date.now()))
  const alsoWrong = parts.filter(({ isCancelled, origin }) => !isCancelled && origin.kind === 'own')
  const [isWhole, setWhole] = useState(true)
  const change = (part: Correction) => setFields((before) => ({ ...before, ...part }))
  const missing = emptied(resource, fields)
  const detailLabel = DETAIL_LABELS[resource.resourceType]
  const statuses = STATUSES[resource.resourceType]

  // It may stand in another file of the same person.
  const readAgain = () =>
    Promise.all(
      [...new Set([mrn, mrnIn(`${resource.resourceType}/${resource.id}`)])].map((one) =>
        queries.invalidateQueries({ queryKey: recordKey(one) }),
      ),
    )

  const save = async (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    const isWrong = deed === 'correct' && (!isPlausible(fields, years) || missing.length > 0)
    if (reason.trim() === '' || isWrong) return
    setSaving(true)
    setError(undefined)
    try {
      if (deed === 'cancel') {
        const wrong = [entry, ...(isWhole ? alsoWrong : [])].map((one) => one.resource)
        await ask('/fhir', { method: 'POST', body: cancelledTogether(wrong, reason.trim()) })
      } else {
        await ask<Shown>(`/fhir/${resource.resourceType}/${resource.id}`, {
          method: 'PUT',
          body: corrected(resource, fields, reason.trim()),
          headers: { 'if-match': `W/"${resource.meta?.versionId}"` },
        })
      }
      await readAgain()
      onClose()
    } catch (cause) {
      setError(cause)
    } finally {
      setSaving(false)
    }
  }
  const showNow = async () => {
    await readAgain()
    onClose()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      // What was typed is not lost by a slip of the mouse.
      closeOnClickOutside={false}
      title={t(`patient.${deed}Title`, { title: title ?? t('patient.untitled') })}
      closeButtonProps={{ 'aria-label': t('patient.close') }}
    >
      <form onSubmit={(event) => void save(event)} noValidate>
        <Stack gap="sm">
          {deed === 'cancel' && <Text size="sm">{t('patient.cancelHint')}</Text>}
          {deed === 'cancel' && alsoWrong.length > 0 && (
            <Checkbox
              label={t('patient.cancelParts', { count: alsoWrong.length })}
              checked={isWhole}
              onChange={({ currentTarget }) => setWhole(currentTarget.checked)}
            />
          )}
          {deed === 'correct' && fields.title !== undefined && (
            <TextInput
              label={t('patient.name')}
              value={fields.title}
              error={missing.includes('title') && t('patient.noText')}
              onChange={({ currentTarget }) => change({ title: currentTarget.value })}
            />
          )}
          {deed === 'correct' &&
            measuredIn(fields, t('patient.value')).map(({ label, value, vital, put }) =>
              vital === undefined ? (
                <TextInput
                  key={label}
                  label={label}
                  inputMode="decimal"
                  value={value}
                  error={numberIn(value) === undefined && t('patient.noNumber')}
                  onChange={({ currentTarget }) => change(put(currentTarget.value))}
                />
              ) : (
                <VitalField
                  key={label}
                  name={vital}
                  label={label}
                  value={value}
                  years={years}
                  isSure={fields.sure?.includes(`${vital} ${value}`) ?? false}
                  isAsked={isAsked}
                  lacks={isAsked ? t('patient.noNumber') : undefined}
                  onChange={(typed) => change(put(typed))}
                  onSure={() => change({ sure: [...(fields.sure ?? []), `${vital} ${value}`] })}
                />
              ),
            )}
          {deed === 'correct' && fields.detail !== undefined && detailLabel && (
            <Textarea
              autosize
              label={t(detailLabel)}
              value={fields.detail}
              error={missing.includes('detail') && t('patient.noText')}
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

/** Each number that can be put right, and how. */
function measuredIn({ value, vital, parts = [] }: Correction, label: string) {
  const single =
    value === undefined ? [] : [{ label, value, vital, put: (typed: string): Correction => ({ value: typed }) }]
  return [
    ...single,
    ...parts.map((part, index) => ({
      label: part.title,
      value: part.value,
      vital: part.vital,
      put: (typed: string): Correction => ({ parts: parts.with(index, { ...part, value: typed }) }),
    })),
  ]
}

const DETAIL_LABELS: Readonly<Partial<Record<Shown['resourceType'], string>>> = {
  MedicationRequest: 'patient.detail.MedicationRequest',
  Immunization: 'patient.detail.Immunization',
  Observation: 'patient.detail.Observation',
  DiagnosticReport: 'patient.detail.DiagnosticReport',
}
