import {
  Alert,
  Button,
  Card,
  Checkbox,
  Group,
  NativeSelect,
  Progress,
  Stack,
  Table,
  Text,
  TextInput,
  Title,
} from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Budget, BudgetUseReport } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localBytes, localDate, localNumber } from '../../../web-kit/local-form'
import { useSession } from '../session/use-session'
import { type BudgetForm, budgetOf, bytesPerDay, formOf, LIMITS, mistakesIn } from './budget-form'

const REFRESH_MS = 10_000
const HOURS = Array.from({ length: 25 }, (_, hour) => String(hour).padStart(2, '0'))

/** How much of the link the records may use, who says so, and how much it was. */
export function DataPage() {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const { data, error, refetch } = useQuery({
    queryKey: ['budget'],
    queryFn: ({ signal }) => ask<BudgetUseReport>('/app/budget', { signal }),
    refetchInterval: REFRESH_MS,
  })
  const bytes = (count: number) => localBytes(count, i18n.language)
  if (!data) return error ? <Failure error={error} onRetry={() => void refetch()} /> : null
  const most = bytesPerDay([data.ministry, data.facility, data.settings])
  const highest = Math.max(1, ...data.days.map((day) => day.bytes))
  return (
    <Stack maw={860}>
      <div>
        <Title order={1}>{t('settings.data.title')}</Title>
        <Text className="kit-quiet">{t('settings.data.note')}</Text>
      </div>
      <Card className="kit-surface">
        <Text className="kit-quiet">{t('settings.data.today')}</Text>
        <Text fz="1.6rem" fw={650}>
          {most === undefined
            ? bytes(data.bytesToday)
            : t('settings.data.of', { used: bytes(data.bytesToday), most: bytes(most) })}
        </Text>
        {most !== undefined && (
          <Progress
            value={Math.min(100, (100 * data.bytesToday) / most)}
            color={data.bytesToday >= most ? 'yellow' : 'leaf'}
            aria-label={t('settings.data.today')}
            mt="xs"
          />
        )}
        {data.days.length > 1 && (
          <Table mt="md" aria-label={t('settings.data.days')}>
            <Table.Tbody>
              {data.days.map((day) => (
                <Table.Tr key={day.day}>
                  <Table.Td w="9rem">{localDate(day.day, i18n.language)}</Table.Td>
                  <Table.Td>
                    <Progress value={(100 * day.bytes) / highest} size="sm" aria-hidden="true" />
                  </Table.Td>
                  <Table.Td w="7rem" ta="right">
                    {bytes(day.bytes)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Card>
      <Limits report={data} />
      {may('settings') && <OwnLimits key={JSON.stringify(data.facility)} facility={data.facility} />}
    </Stack>
  )
}

function Limits({ report }: { report: BudgetUseReport }) {
  const { t, i18n } = useTranslation()
  const number = (value: number) => localNumber(value, i18n.language)
  const row = (who: 'ministry' | 'facility' | 'settings', budget: Budget) => (
    <Table.Tr key={who}>
      <Table.Th scope="row">{t(`settings.data.${who}`)}</Table.Th>
      <Table.Td>
        {budget.megabytesPerDay === undefined ? t('settings.data.unlimited') : `${number(budget.megabytesPerDay)} MB`}
      </Table.Td>
      <Table.Td>{budget.hours ?? t('settings.data.always')}</Table.Td>
      <Table.Td>
        {budget.kilobitsPerSecond === undefined
          ? t('settings.data.unlimited')
          : `${number(budget.kilobitsPerSecond)} kbit/s`}
      </Table.Td>
      <Table.Td>{t(`settings.data.${budget.urgent === 'limited' ? 'urgentLimited' : 'urgentExempt'}`)}</Table.Td>
    </Table.Tr>
  )
  const isSet = Object.keys(report.settings).some((key) => key !== 'urgent')
  return (
    <Table.ScrollContainer minWidth={560} className="kit-surface" scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table verticalSpacing="sm" horizontalSpacing="md">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('settings.data.who')}</Table.Th>
            <Table.Th>{t('settings.data.perDay')}</Table.Th>
            <Table.Th>{t('settings.data.hours')}</Table.Th>
            <Table.Th>{t('settings.data.speed')}</Table.Th>
            <Table.Th>{t('settings.data.urgent')}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {row('ministry', report.ministry)}
          {isSet && row('settings', report.settings)}
          {row('facility', report.facility)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function OwnLimits({ facility }: { facility: Budget }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [form, setForm] = useState<BudgetForm>(formOf(facility))
  const save = useMutation({
    mutationFn: () => ask<BudgetUseReport>('/app/budget', { method: 'PUT', body: budgetOf(form) }),
    onSuccess: (report) => queries.setQueryData(['budget'], report),
  })
  const mistakes = mistakesIn(form)
  const number = (field: 'megabytes' | 'kilobits') => (
    <TextInput
      label={t(`settings.data.${field}`)}
      description={t('settings.data.none')}
      inputMode="numeric"
      value={form[field]}
      onChange={({ currentTarget: { value } }) => setForm({ ...form, [field]: value })}
      error={mistakes[field] && t('settings.data.mistake', LIMITS[field])}
    />
  )
  const hour = (field: 'from' | 'to') => (
    <NativeSelect
      label={t(`settings.data.${field}`)}
      data={['', ...(field === 'from' ? HOURS.slice(0, 24) : HOURS)].map((value) => ({
        value,
        label: value === '' ? '–' : `${value}:00`,
      }))}
      value={form[field]}
      onChange={({ currentTarget: { value } }) => setForm({ ...form, [field]: value })}
      error={mistakes.hours}
    />
  )
  return (
    <Card className="kit-surface">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (!Object.values(mistakes).some(Boolean)) save.mutate()
        }}
      >
        <Title order={2}>{t('settings.data.own')}</Title>
        <Text className="kit-quiet" mb="md">
          {t('settings.data.ownNote')}
        </Text>
        <Group align="start" grow preventGrowOverflow={false} mb="md">
          {number('megabytes')}
          {number('kilobits')}
        </Group>
        <Group align="end">
          {hour('from')}
          {hour('to')}
        </Group>
        <Text size="sm" className="kit-quiet" mt={4} mb="md">
          {t('settings.data.hoursNote')}
        </Text>
        <Checkbox
          label={t('settings.data.limitUrgent')}
          description={t('settings.data.limitUrgentNote')}
          checked={form.isUrgentLimited}
          onChange={({ currentTarget: { checked } }) => setForm({ ...form, isUrgentLimited: checked })}
        />
        {save.error && <Failure error={save.error} />}
        {save.isSuccess && (
          <Alert role="status" color="leaf" mt="md">
            {t('settings.data.saved')}
          </Alert>
        )}
        <Button type="submit" mt="md" loading={save.isPending}>
          {t('settings.data.save')}
        </Button>
      </form>
    </Card>
  )
}
