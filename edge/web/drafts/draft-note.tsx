import { Alert, Button, Group, Text } from '@mantine/core'
import { IconAlertTriangle, IconCheck, IconUsers } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { localMoment } from '../../../web-kit/local-form'
import type { KeptForm } from './use-draft'

/** Beside a form: when what is typed was kept, or that it is not. */
export function KeptNote({ form }: { form: Pick<KeptForm<object>, 'note' | 'takeTheirs' | 'keepOurs'> }) {
  const { t, i18n } = useTranslation()
  const { note } = form
  if (note.kind === 'elsewhere') {
    return (
      <Alert color="yellow" title={t('drafts.elsewhere')} icon={<IconAlertTriangle />} role="alert">
        <Text size="sm">{t('drafts.elsewhereHint')}</Text>
        <Group mt="xs" gap="xs">
          <Button size="xs" variant="light" onClick={() => void form.takeTheirs()}>
            {t('drafts.takeTheirs')}
          </Button>
          <Button size="xs" variant="light" onClick={() => void form.keepOurs()}>
            {t('drafts.keepOurs')}
          </Button>
        </Group>
      </Alert>
    )
  }
  const isBad = note.kind === 'notKept'
  return (
    <Group gap={6} wrap="nowrap" role="status" mih={24}>
      {note.kind === 'kept' && <IconCheck size={18} aria-hidden="true" color="var(--mantine-primary-color-filled)" />}
      {isBad && <IconAlertTriangle size={18} aria-hidden="true" color="var(--mantine-color-red-filled)" />}
      <Text size="sm" {...(isBad ? { fw: 600 } : { className: 'kit-quiet' })}>
        {note.kind === 'kept' && t('drafts.kept', { at: localMoment(note.at, i18n.language, new Date()) })}
        {note.kind === 'typing' && t('drafts.typing')}
        {isBad && t('drafts.notKept')}
      </Text>
    </Group>
  )
}

/** Above a form about one patient: two people may be at it, and both are told. */
export function AlsoHere({ form: { alsoBy } }: { form: Pick<KeptForm<object>, 'alsoBy'> }) {
  const { t, i18n } = useTranslation()
  if (alsoBy.length === 0) return null
  const names = new Intl.ListFormat(i18n.language).format(alsoBy)
  return (
    <Alert color="blue" role="status" icon={<IconUsers />} title={t('drafts.alsoBy', { names })}>
      <Text size="sm">{t('drafts.alsoByHint')}</Text>
    </Alert>
  )
}
