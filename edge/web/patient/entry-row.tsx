import { ActionIcon, Badge, Group, Menu, Stack, Text } from '@mantine/core'
import { IconDots, IconEraser, IconHistory, IconPencil } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { localDate, localMoment, localNumber } from '../../../web-kit/local-form'
import { FilesOf } from './files-of'
import type { Origin } from './origin'
import { type Entry, readingOf } from './record'

export type Deed = 'correct' | 'cancel' | 'history'

export interface EntryRowProps {
  readonly entry: Entry
  readonly onDeed: (deed: Deed, entry: Entry) => void
  /** Where the visit around it says the day already, and that it was here. */
  readonly isUndated?: boolean
}

/** One thing of the record: what, when, where from, and what can be done about it. */
export function EntryRow({ entry, onDeed, isUndated }: EntryRowProps) {
  const { t, i18n } = useTranslation()
  const { resource, title = t('patient.untitled'), at, isCancelled, isActive, origin } = entry
  const isOwn = origin.kind === 'own'
  const detail =
    resource.resourceType === 'Observation'
      ? readingOf(resource, (value) => localNumber(value, i18n.language, 2))
      : entry.detail
  return (
    <Group wrap="nowrap" gap="sm" align="flex-start" justify="space-between">
      <Stack gap={2} miw={0}>
        <Group gap={8}>
          <Text
            fw={600}
            td={isCancelled ? 'line-through' : undefined}
            className={isCancelled || !isActive ? 'kit-quiet' : ''}
            style={{ overflowWrap: 'anywhere' }}
          >
            {title}
          </Text>
          {isCancelled && (
            <Badge color="gray" variant="light" tt="none">
              {t('patient.cancelled')}
            </Badge>
          )}
          {!isCancelled && !isActive && (
            <Badge color="gray" variant="light" tt="none">
              {t('patient.ended')}
            </Badge>
          )}
        </Group>
        {detail && (
          <Text size="sm" td={isCancelled ? 'line-through' : undefined} style={{ overflowWrap: 'anywhere' }}>
            {detail}
          </Text>
        )}
        <FilesOf resource={resource} />
        {(!isUndated || !isOwn) && (
          <Text size="xs" className="kit-quiet">
            {!isUndated && at && `${localDate(at, i18n.language)} · `}
            <OriginText origin={origin} />
          </Text>
        )}
      </Stack>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t('patient.more', { title })}>
            <IconDots size={20} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {isOwn && !isCancelled && (
            <>
              <Menu.Item leftSection={<IconPencil size={18} />} onClick={() => onDeed('correct', entry)}>
                {t('patient.correct')}
              </Menu.Item>
              <Menu.Item leftSection={<IconEraser size={18} />} onClick={() => onDeed('cancel', entry)}>
                {t('patient.cancel')}
              </Menu.Item>
            </>
          )}
          <Menu.Item leftSection={<IconHistory size={18} />} onClick={() => onDeed('history', entry)}>
            {t('patient.history')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}

export function OriginText({ origin }: { origin: Origin }) {
  const { t, i18n } = useTranslation()
  if (origin.kind === 'own') return t('patient.own')
  const { facility, at } = origin
  return at === undefined
    ? t('patient.imported', { facility })
    : t('patient.importedAt', { facility, at: localMoment(at, i18n.language, new Date()) })
}
