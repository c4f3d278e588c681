import { ActionIcon, Group, Text } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { localNumber } from './local-form'

/** Where one is in a long table, and the way on. `page` counts from 0. */
export function Pager(props: { page: number; size: number; count: number; onPage: (page: number) => void }) {
  const { page, size, count, onPage } = props
  const { t, i18n } = useTranslation()
  if (count <= size) return null
  const from = page * size
  const number = (value: number) => localNumber(value, i18n.language)
  const to = Math.min(count, from + size)
  return (
    <Group component="nav" justify="flex-end" gap="xs" mt="sm" aria-label={t('frame.pages')}>
      <Text size="sm" className="kit-quiet" role="status">
        {t('frame.range', { from: number(from + 1), to: number(to), total: number(count) })}
      </Text>
      <ActionIcon
        variant="default"
        size="lg"
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
        aria-label={t('frame.previous')}
      >
        <IconChevronLeft size={20} />
      </ActionIcon>
      <ActionIcon
        variant="default"
        size="lg"
        disabled={to >= count}
        onClick={() => onPage(page + 1)}
        aria-label={t('frame.next')}
      >
        <IconChevronRight size={20} />
      </ActionIcon>
    </Group>
  )
}
