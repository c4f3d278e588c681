import { Anchor, Group, Text } from '@mantine/core'
import { IconFile } from '@tabler/icons-react'
import type { Attachment } from 'fhir/r4'
import { useTranslation } from 'react-i18next'
import { localBytes } from '../../../web-kit/local-form'
import type { Shown } from './record'

/** The files of a document or a report, each opened in a tab of its own. The edge says what may be shown, and what is only saved. */
export function FilesOf({ resource }: { resource: Shown }) {
  const { t, i18n } = useTranslation()
  const files = attachmentsOf(resource)
  if (files.length === 0) return null
  return (
    <Group gap="md">
      {files.map(({ data, title, size }, number) =>
        data === undefined ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a file's number is its address
          <Text key={number} size="sm" className="kit-quiet">
            {t('patient.fileElsewhere')}
          </Text>
        ) : (
          <Anchor
            // biome-ignore lint/suspicious/noArrayIndexKey: a file's number is its address
            key={number}
            size="sm"
            href={`/app/documents/${resource.resourceType}/${resource.id}/${number}`}
            target="_blank"
            rel="noopener noreferrer"
          >
            <Group gap={4} display="inline-flex">
              <IconFile size={16} aria-hidden="true" />
              {title ? t('patient.fileNamed', { name: title }) : t('patient.file')}
              {` (${localBytes(size ?? Math.floor((data.length * 3) / 4), i18n.language)})`}
            </Group>
          </Anchor>
        ),
      )}
    </Group>
  )
}

function attachmentsOf(resource: Shown): Attachment[] {
  if (resource.resourceType === 'DocumentReference') return resource.content.map(({ attachment }) => attachment)
  return resource.resourceType === 'DiagnosticReport' ? (resource.presentedForm ?? []) : []
}
