import { Alert, Button, Checkbox, Group, Radio, Select, Stack, Text, TextInput } from '@mantine/core'
import { IconAlertTriangle, IconQrcode } from '@tabler/icons-react'
import { type FormEvent, lazy, type RefObject, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { needsReason, type PurposeOfUse } from '../../../protocol/purpose-of-use'
import type { ImportTicket } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { KeptNote } from '../drafts/draft-note'
import type { KeptForm } from '../drafts/use-draft'
import { type AskedImport, lacksOf, OTHERS, requestOf, USUAL } from './asked-import'
import { KnownRecord } from './known-record'
import { hasCheckDigit, mrnIn } from './scanned-mrn'

const ScanModal = lazy(() => import('./scan-modal').then(({ ScanModal: modal }) => ({ default: modal })))

export interface BringFormProps {
  readonly draft: KeptForm<AskedImport>
  readonly externalId: string | undefined
  readonly onAsked: (ticket: ImportTicket) => void
}

/** Whose record, and what for. A scanner is a keyboard that ends with Enter: that leads on, and asks for nothing yet. */
export function BringForm({ draft, externalId, onAsked }: BringFormProps) {
  const { t } = useTranslation()
  const { content: form } = draft
  const [isAsked, setAsked] = useState(false)
  const [isSending, setSending] = useState(false)
  const [isScanning, setScanning] = useState(false)
  const [error, setError] = useState<unknown>()
  const field = useRef<HTMLInputElement>(null)
  const submit = useRef<HTMLButtonElement>(null)
  useTypedAnywhere(field)
  const lacks = isAsked ? lacksOf(form) : {}
  const mrn = mrnIn(form.mrn)
  const isBreaking = needsReason(form.purpose)
  const change = (part: Partial<AskedImport>) => draft.change((before) => ({ ...before, ...part }))
  const lackOf = (name: keyof AskedImport) => lacks[name] && t(`imports.lack.${lacks[name]}`)

  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault()
    const page = event.currentTarget
    setAsked(true)
    if (Object.keys(lacksOf(form)).length > 0) {
      requestAnimationFrame(() => page.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus())
      return
    }
    setSending(true)
    setError(undefined)
    try {
      const ticket = await ask<ImportTicket>('/imports', { method: 'POST', body: requestOf(form) })
      setAsked(false)
      await draft.discard().catch(() => undefined)
      onAsked(ticket)
    } catch (cause) {
      setError(cause)
    } finally {
      setSending(false)
    }
  }
  return (
    <form onSubmit={(event) => void send(event)} onBlur={draft.keepNow} noValidate autoComplete="off">
      <Stack className="kit-surface" p="md" gap="md">
        <Stack gap="xs">
          <TextInput
            ref={field}
            size="md"
            label={t('imports.mrn')}
            description={t('imports.mrnHint')}
            value={form.mrn}
            error={lackOf('mrn')}
            maxLength={500}
            withAsterisk
            aria-required
            autoFocus
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            onChange={({ currentTarget }) => change({ mrn: currentTarget.value })}
            onKeyDown={(event) => {
              if (event.key !== 'Enter' || mrn === undefined) return
              event.preventDefault()
              change({ mrn })
              submit.current?.focus()
            }}
          />
          <Button
            variant="light"
            leftSection={<IconQrcode size={20} aria-hidden="true" />}
            onClick={() => setScanning(true)}
          >
            {t('imports.readCode')}
          </Button>
          {mrn !== undefined && !hasCheckDigit(mrn) && (
            <Text size="sm" role="status">
              {t('imports.checkDigit')}
            </Text>
          )}
          {mrn !== undefined && <KnownRecord mrn={mrn} externalId={externalId} />}
        </Stack>
        <Purposes form={form} change={change} />
        {isBreaking && (
          <Alert
            color="red"
            variant="light"
            role="alert"
            icon={<IconAlertTriangle />}
            title={t('imports.glass.title')}
            styles={{ title: { color: 'var(--mantine-color-text)' } }}
          >
            <Text size="sm" mb="sm">
              {t('imports.glass.text')}
            </Text>
            <Checkbox
              label={t('imports.glass.sure')}
              checked={form.isSure}
              error={lackOf('isSure')}
              aria-invalid={lacks.isSure !== undefined}
              onChange={({ currentTarget }) => change({ isSure: currentTarget.checked })}
            />
          </Alert>
        )}
        <TextInput
          size="md"
          label={t('imports.reason')}
          description={t(isBreaking ? 'imports.reasonNeeded' : 'imports.reasonHint')}
          value={form.reason}
          error={lackOf('reason')}
          withAsterisk={isBreaking}
          aria-required={isBreaking}
          maxLength={500}
          onChange={({ currentTarget }) => change({ reason: currentTarget.value })}
        />
        {error !== undefined && <Failure error={error} />}
        <Stack gap="xs">
          <Button
            ref={submit}
            type="submit"
            size="md"
            loading={isSending}
            // Of red, the ninth is dark enough under white letters in both colours of the screen.
            color={isBreaking ? 'red.9' : 'leaf'}
          >
            {t(isBreaking ? 'imports.sendGlass' : 'imports.send')}
          </Button>
          <Group gap="xs" justify="space-between">
            <Button variant="subtle" color="gray" onClick={() => void draft.discard().catch(setError)}>
              {t('imports.clear')}
            </Button>
            <KeptNote form={draft} />
          </Group>
        </Stack>
      </Stack>
      {isScanning && (
        <Suspense>
          <ScanModal
            onClose={() => setScanning(false)}
            onFound={(found) => {
              setScanning(false)
              change({ mrn: found })
            }}
          />
        </Suspense>
      )}
    </form>
  )
}

function Purposes({ form, change }: { form: AskedImport; change: (part: Partial<AskedImport>) => void }) {
  const { t } = useTranslation()
  const isOther = OTHERS.includes(form.purpose)
  return (
    <Radio.Group
      label={t('imports.purpose')}
      size="md"
      value={isOther ? 'other' : form.purpose}
      onChange={(value) => change({ purpose: (value === 'other' ? OTHERS[0] : value) as PurposeOfUse, isSure: false })}
    >
      <Stack gap={8} mt={6}>
        {USUAL.map((purpose) => (
          <Radio key={purpose} value={purpose} label={t(`imports.purposeOf.${purpose}`)} />
        ))}
        <Radio value="other" label={t('imports.otherPurpose')} />
        {isOther && (
          <Select
            aria-label={t('imports.otherPurpose')}
            allowDeselect={false}
            data={OTHERS.map((value) => ({ value, label: t(`imports.purposeOf.${value}`) }))}
            value={form.purpose}
            onChange={(purpose) => purpose && change({ purpose: purpose as PurposeOfUse })}
          />
        )}
        <Radio
          value="BTG"
          color="red"
          label={t('imports.purposeOf.BTG')}
          description={t('imports.glass.hint')}
          styles={{ label: { fontWeight: 600 } }}
        />
      </Stack>
    </Radio.Group>
  )
}

/** A scanner types wherever the cursor is: where it is in no field, that is the MRN. */
function useTypedAnywhere(field: RefObject<HTMLInputElement | null>): void {
  useEffect(() => {
    const lead = ({ key, ctrlKey, altKey, metaKey, target }: KeyboardEvent) => {
      const isFree = target === document.body || (target as HTMLElement).id === 'content'
      if (isFree && /^[0-9A-Za-z]$/.test(key) && !ctrlKey && !altKey && !metaKey) field.current?.focus()
    }
    document.addEventListener('keydown', lead)
    return () => document.removeEventListener('keydown', lead)
  }, [field])
}
