import { Badge, Table, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { AuditEntry } from '../../../schemas/generated/types'
import { localDate, localTime } from '../../../web-kit/local-form'
import { deedKeyOf, partiesOf } from './deed-words'

/** Entries as they are, a row each. */
export function EntryTable({ entries }: { entries: readonly AuditEntry[] }) {
  const { t } = useTranslation()
  return (
    <Table.ScrollContainer minWidth={820} className="kit-surface">
      <Table verticalSpacing={6} horizontalSpacing="md" className="audit-entries">
        <Table.Thead>
          <Table.Tr>
            {(['when', 'who', 'what', 'about', 'outcomeLabel', 'why'] as const).map((column) => (
              <Table.Th key={column}>{t(`audit.${column}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Entry key={entry._id} entry={entry} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Entry({ entry }: { entry: AuditEntry }) {
  const { t, i18n } = useTranslation()
  const { at, outcome, purpose, reason, finding, code, action, withheld, kind } = entry
  const { who, about } = partiesOf(entry)
  const key = deedKeyOf(entry)
  const why = [
    ...(purpose === undefined ? [] : [purposeIn(purpose)]),
    ...(reason === undefined ? [] : [`“${reason}”`]),
    ...(finding === undefined ? [] : [`“${finding}”`]),
    ...(withheld === undefined ? [] : [t('audit.withheld', { count: withheld })]),
  ]
  function purposeIn(said: string): string {
    return i18n.exists(`audit.purpose.${said}`) ? t(`audit.purpose.${said}`) : said
  }
  return (
    <Table.Tr>
      <Table.Td className="audit-when">
        {localDate(at, i18n.language)}{' '}
        <time dateTime={at} title={at}>
          {localTime(at, i18n.language)}
        </time>
      </Table.Td>
      <Table.Td>{who ?? '–'}</Table.Td>
      <Table.Td>
        {key === 'other' ? (
          <>
            {t(`audit.kind.${kind}`)}: <code>{action}</code>
          </>
        ) : (
          t(`audit.deed.${key}`)
        )}
      </Table.Td>
      <Table.Td ff="monospace">{about ?? '–'}</Table.Td>
      <Table.Td>
        <Badge variant="light" color={outcome === 'allowed' ? 'leaf' : 'red'}>
          {t(`audit.outcome.${outcome}`)}
        </Badge>
        {code !== undefined && (
          <Text size="xs" ff="monospace">
            {code}
          </Text>
        )}
      </Table.Td>
      <Table.Td>{why.join(' · ') || '–'}</Table.Td>
    </Table.Tr>
  )
}
