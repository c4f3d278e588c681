import { Alert, Button, Group, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { localMoment } from '../../../web-kit/local-form'
import { readDraft } from '../drafts/use-draft'
import type { VisitForm } from '../visit/visit-form'

/** Says that a visit was begun and not saved; a draft belongs to whoever has typed it. */
export function UnfinishedVisit({ mrn }: { mrn: string }) {
  const { t, i18n } = useTranslation()
  const { data } = useQuery({
    queryKey: ['draft', 'visit', mrn],
    queryFn: async ({ signal }) => (await readDraft(`/app/drafts/visit.${mrn}`, signal)) ?? null,
    staleTime: 0,
  })
  const { visit, startedAt } = (data?.content ?? {}) as Partial<VisitForm>
  if (!data || visit === undefined) return null
  const at = localMoment(startedAt ?? data.savedAt, i18n.language, new Date())
  return (
    <Alert color="yellow" variant="light" icon={<IconPencil />} mb="md" p="xs" role="status">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t('patient.unfinished', { at })}</Text>
        <Button component={Link} to={`/patients/${mrn}/visit`} size="xs" variant="default">
          {t('patient.goOn')}
        </Button>
      </Group>
    </Alert>
  )
}
