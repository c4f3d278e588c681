import {
  Alert,
  Badge,
  Button,
  Card,
  Group,
  Select,
  Switch,
  Table,
  Text,
  Textarea,
  TextInput,
  Title,
} from '@mantine/core'
import { IconEyeExclamation } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import type { Bundle } from 'fhir/r4'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PURPOSES_OF_USE, type PurposeOfUse } from '../../../protocol/purpose-of-use'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localDate } from '../../../web-kit/local-form'
import { asHeader, type PatientRecord, type RecordGroup, recordsIn } from './record-in'
import './records.css'

const PURPOSES = Object.keys(PURPOSES_OF_USE) as PurposeOfUse[]

/** One record, for a purpose that is said: asked once, written down, and gone when the page is left. */
export function RecordsPage() {
  const { t } = useTranslation()
  const [mrn, setMrn] = useState('')
  const [purpose, setPurpose] = useState<PurposeOfUse | null>(null)
  const [reason, setReason] = useState('')
  const [isLinked, setLinked] = useState(true)
  const isGlass = purpose === 'BTG'
  const reading = useMutation({
    mutationFn: async () => {
      const asked = mrn.trim().toUpperCase()
      const bundle = await ask<Bundle>(
        `/operator/records/${encodeURIComponent(asked)}${isLinked ? '' : '?_linked=false'}`,
        { headers: { 'Purpose-Of-Use': purpose ?? '', ...(reason.trim() && { Reason: asHeader(reason) }) } },
      )
      return recordsIn(bundle, asked)
    },
    gcTime: 0,
  })
  return (
    <>
      <Title order={1}>{t('records.title')}</Title>
      <Text className="kit-quiet" mb="sm" maw={760}>
        {t('records.note')}
      </Text>
      <Card className="kit-surface" padding="md" mb="md">
        <form
          onSubmit={(event) => {
            event.preventDefault()
            reading.mutate()
          }}
        >
          <div className="records-form">
            <TextInput
              label={t('audit.mrn')}
              value={mrn}
              onChange={({ currentTarget }) => setMrn(currentTarget.value)}
              pattern="\s*[A-Za-z0-9]{2,12}[0-9]{7,8}\s*"
              autoComplete="off"
              spellCheck={false}
              required
            />
            <Select
              label={t('records.purpose')}
              value={purpose}
              onChange={(value) => setPurpose(PURPOSES.find((one) => one === value) ?? null)}
              data={PURPOSES.map((value) => ({ value, label: t(`audit.purpose.${value}`) }))}
              required
              allowDeselect={false}
            />
            <Textarea
              label={t('records.reason')}
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
              maxLength={400}
              autosize
              minRows={1}
              required={isGlass}
            />
          </div>
          {isGlass && (
            <Alert color="red" icon={<IconEyeExclamation />} title={t('records.glass')} my="sm">
              {t('records.glassNote')}
            </Alert>
          )}
          <Group justify="space-between" mt="sm">
            <Switch
              label={t('records.linked')}
              checked={isLinked}
              onChange={({ currentTarget }) => setLinked(currentTarget.checked)}
            />
            <Button
              type="submit"
              loading={reading.isPending}
              disabled={purpose === null || mrn.trim() === ''}
              {...(isGlass && { color: 'red.8' })}
            >
              {t(isGlass ? 'records.breakGlass' : 'records.read')}
            </Button>
          </Group>
        </form>
      </Card>
      {reading.error && <Failure error={reading.error} />}
      {reading.data?.isPartial && <Alert color="yellow" title={t('records.partial')} mb="md" />}
      {reading.data?.records.map((record, index) => (
        <OneRecord key={record.mrn} record={record} isLinked={index > 0} />
      ))}
    </>
  )
}

function OneRecord({ record, isLinked }: { record: PatientRecord; isLinked: boolean }) {
  const { t, i18n } = useTranslation()
  const { mrn, name, birthDate, gender, deceased, groups } = record
  const facts = [
    mrn,
    ...(birthDate === undefined ? [] : [t('records.born', { at: localDate(birthDate, i18n.language) })]),
    ...(gender === undefined ? [] : [t(`records.gender.${gender}`, gender)]),
    ...(deceased === undefined ? [] : [t('records.deceased', { at: localDate(deceased, i18n.language) })]),
  ]
  return (
    <Card className="kit-surface" padding="md" mb="md" component="article" aria-label={`${name}, ${mrn}`}>
      <Group gap="xs">
        <Title order={2}>{name}</Title>
        {isLinked && <Badge variant="light">{t('records.isLinked')}</Badge>}
      </Group>
      <Text className="kit-quiet" mb="sm">
        {facts.join(' · ')}
      </Text>
      {groups.length === 0 && <Text>{t('records.empty')}</Text>}
      {groups.map((group) => (
        <OneGroup key={group.type} group={group} />
      ))}
    </Card>
  )
}

const FIRST_ROWS = 10

function OneGroup({ group }: { group: RecordGroup }) {
  const { t, i18n } = useTranslation()
  const [isAll, setAll] = useState(false)
  const { type, rows } = group
  return (
    <section className="records-group">
      <Title order={3}>
        {t(`facilities.type.${type}`, type)}{' '}
        <Text component="span" className="kit-quiet">
          {rows.length}
        </Text>
      </Title>
      <Table verticalSpacing={4} horizontalSpacing="xs" layout="fixed">
        <Table.Tbody>
          {rows.slice(0, isAll ? rows.length : FIRST_ROWS).map(({ id, title, detail, at, isCancelled }) => (
            <Table.Tr key={id}>
              <Table.Td w={120} className="kit-quiet">
                {at === undefined ? '–' : localDate(at, i18n.language)}
              </Table.Td>
              <Table.Td style={isCancelled ? { textDecoration: 'line-through' } : {}}>
                {title}
                {detail !== undefined && <Text size="sm">{detail}</Text>}
                {isCancelled && <Badge color="gray">{t('records.cancelled')}</Badge>}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {!isAll && rows.length > FIRST_ROWS && (
        <Button variant="subtle" size="compact-sm" onClick={() => setAll(true)}>
          {t('records.all', { count: rows.length })}
        </Button>
      )}
    </section>
  )
}
