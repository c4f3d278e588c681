import { Badge, Button, Card, Group, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import type { AuditEntry } from '../../../schemas/generated/types'
import { nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment } from '../../../web-kit/local-form'
import { ExportButtons } from './export-buttons'
import { useAudit, useFacilityNames } from './use-audit'

/** Who has read a patient's record, or tried to: what a patient may ask for. */
export function Disclosures() {
  const { t } = useTranslation()
  const [params, setParams] = useSearchParams()
  const mrn = params.get('mrn') ?? ''
  const [typed, setTyped] = useState(mrn)
  const query = new URLSearchParams({ mrn, kind: 'import' })
  const audit = useAudit(query, mrn !== '')
  const entries = audit.data?.pages.flatMap((page) => page.entries) ?? []
  return (
    <>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          setParams({ mrn: typed.trim().toUpperCase() })
        }}
      >
        <Group align="flex-end" gap="sm" mb="md">
          <TextInput
            label={t('audit.mrn')}
            value={typed}
            onChange={({ currentTarget }) => setTyped(currentTarget.value)}
            autoComplete="off"
            spellCheck={false}
            required
            withAsterisk={false}
            style={{ flex: '1 1 200px', maxWidth: 340 }}
          />
          <Button type="submit">{t('audit.whoRead')}</Button>
        </Group>
      </form>
      {audit.error && <Failure error={audit.error} onRetry={() => void audit.refetch()} />}
      {audit.isSuccess && entries.length === 0 && <Text role="status">{t('audit.nobodyRead', { mrn })}</Text>}
      {entries.length > 0 && (
        <>
          <Group justify="flex-end" mb="sm">
            <ExportButtons query={query} />
          </Group>
          {entries.map((entry) => (
            <Disclosure key={entry._id} entry={entry} mrn={mrn} />
          ))}
        </>
      )}
      {audit.hasNextPage && (
        <Button variant="default" loading={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
          {t('frame.more')}
        </Button>
      )}
    </>
  )
}

function Disclosure({ entry, mrn }: { entry: AuditEntry; mrn: string }) {
  const { t, i18n } = useTranslation()
  const facilityOf = useFacilityNames()
  const { at, node, operator, outcome, purpose = '', reason, code, withheld, mrn: asked } = entry
  const who = node === undefined ? (operator ?? '–') : facilityOf(node)
  const why = i18n.exists(`audit.purpose.${purpose}`) ? t(`audit.purpose.${purpose}`) : purpose
  return (
    <Card className="kit-surface" padding="sm" mb="xs">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={600}>{t(outcome === 'allowed' ? 'audit.didRead' : 'audit.wanted', { who, why })}</Text>
          {reason !== undefined && <Text>“{reason}”</Text>}
          <Text size="sm" className="kit-quiet">
            {[
              localMoment(at, i18n.language, nowThere()),
              ...(asked !== undefined && asked !== mrn ? [t('audit.asLinked', { mrn: asked })] : []),
              ...(withheld === undefined ? [] : [t('audit.withheld', { count: withheld })]),
              ...(code === undefined ? [] : [code]),
            ].join(' · ')}
          </Text>
        </div>
        <Badge variant="light" color={outcome === 'allowed' ? (purpose === 'BTG' ? 'orange' : 'leaf') : 'red'}>
          {t(`audit.outcome.${outcome}`)}
        </Badge>
      </Group>
    </Card>
  )
}
