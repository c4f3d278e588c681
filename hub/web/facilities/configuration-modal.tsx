import { MultiSelect, NumberInput, Select, SimpleGrid, Switch, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { NodeSummary } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { budgetOf } from './budget-words'
import { configurationOf, URGENT_TYPES } from './rules-of'

const HOURS = Array.from({ length: 25 }, (_, hour) => String(hour).padStart(2, '0'))

/** All of the configuration in one form: what is empty is as the facility does it by itself. */
export function ConfigurationModal({ node, onClose }: { node: NodeSummary; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const { budget = {}, lanes, name, nodeName } = node
  const [urgent, setUrgent] = useState<string[]>(lanes?.urgent ?? [])
  const [note, setNote] = useState('')
  const [form, setForm] = useState({
    kilobitsPerSecond: budget.kilobitsPerSecond ?? ('' as number | string),
    megabytesPerDay: budget.megabytesPerDay ?? ('' as number | string),
    from: budget.hours?.slice(0, 2) ?? null,
    to: budget.hours?.slice(3, 5) ?? null,
    isUrgentLimited: budget.urgent === 'limited',
  })
  const set = (part: Partial<typeof form>) => setForm((before) => ({ ...before, ...part }))
  const isHalf = (form.from === null) !== (form.to === null)
  return (
    <DeedModal
      title={t('facilities.configuration.for', { name })}
      effect={t('facilities.budget.effect')}
      verb={t('facilities.budget.save')}
      isReady={!isHalf}
      onDo={async () => {
        const sync = configurationOf({ budget: budgetOf(form), urgent })
        const body = { sync, ...(note.trim() !== '' && { note: note.trim() }) }
        await ask(`/operator/nodes/${nodeName}/configuration`, { method: 'PUT', body })
        await queries.invalidateQueries()
      }}
      onClose={onClose}
    >
      <NumberInput
        label={t('facilities.budget.speedLabel')}
        value={form.kilobitsPerSecond}
        onChange={(kilobitsPerSecond) => set({ kilobitsPerSecond })}
        min={8}
        max={10_000_000}
        suffix=" kbit/s"
        allowDecimal={false}
        data-autofocus
      />
      <NumberInput
        label={t('facilities.budget.dayLabel')}
        value={form.megabytesPerDay}
        onChange={(megabytesPerDay) => set({ megabytesPerDay })}
        min={1}
        max={1_000_000}
        suffix=" MB"
        allowDecimal={false}
      />
      <SimpleGrid cols={2}>
        <Select
          label={t('facilities.budget.fromLabel')}
          value={form.from}
          onChange={(from) => set({ from })}
          data={HOURS.slice(0, 24).map((value) => ({ value, label: `${value}:00` }))}
          clearable
        />
        <Select
          label={t('facilities.budget.toLabel')}
          value={form.to}
          onChange={(to) => set({ to })}
          data={HOURS.map((value) => ({ value, label: `${value}:00` }))}
          error={isHalf && t('facilities.budget.half')}
          clearable
        />
      </SimpleGrid>
      <Switch
        label={t('facilities.budget.urgentLabel')}
        checked={form.isUrgentLimited}
        onChange={({ currentTarget }) => set({ isUrgentLimited: currentTarget.checked })}
      />
      <MultiSelect
        label={t('facilities.configuration.urgentLabel')}
        description={t('facilities.configuration.urgentHint')}
        value={urgent}
        onChange={setUrgent}
        data={URGENT_TYPES.map((value) => ({ value, label: t(`facilities.type.${value}`, value) }))}
        searchable
        clearable
      />
      <TextInput
        label={t('facilities.configuration.noteLabel')}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
        maxLength={500}
      />
    </DeedModal>
  )
}
