import { Button, Group } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'

const FORMATS = ['csv', 'ndjson'] as const

/** All that the filters mean as a file; the browser writes it to the disk while it comes. */
export function ExportButtons({ query }: { query: URLSearchParams }) {
  const { t } = useTranslation()
  const save = useMutation({
    mutationFn: async (format: (typeof FORMATS)[number]) => {
      // A session that has ended is found here, and not written into the file.
      await ask('/operator/session')
      const asked = new URLSearchParams(query)
      asked.set('_format', format)
      const link = document.createElement('a')
      link.href = `/operator/audit?${asked}`
      link.download = `audit-${new Date().toISOString().slice(0, 10)}.${format}`
      link.click()
    },
  })
  return (
    <Group gap="xs">
      {FORMATS.map((format) => (
        <Button
          key={format}
          variant="default"
          size="compact-sm"
          leftSection={<IconDownload size={16} />}
          onClick={() => save.mutate(format)}
        >
          {format.toUpperCase()}
          <span className="kit-hidden">, {t('audit.export')}</span>
        </Button>
      ))}
      {save.error && <Failure error={save.error} />}
    </Group>
  )
}
