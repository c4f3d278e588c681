import { Button, Card, Group, NumberInput, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertSettings } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { DeedModal } from '../../../web-kit/deed-modal'
import { localMoment, localNumber } from '../../../web-kit/local-form'
import { useSession } from '../session/use-session'
import { type AlertKind, KINDS, MOST, rulesOf } from './alert-form'
import { changeSettings } from './change-settings'

/** From when on something is an alert. */
export function RulesCard({ settings }: { settings: AlertSettings }) {
  const { t, i18n } = useTranslation()
  const { may } = useSession()
  const [isChanging, setChanging] = useState(false)
  const { rules, auditCheckHours, repeatHours, changedAt, changedBy } = settings
  const number = (value: number) => localNumber(value, i18n.language)
  const every = (hours: number) => `${number(hours)}${t('alerts.hours')}`
  return (
    <Card className="kit-surface" padding="md" component="section" aria-labelledby="rules">
      <Group justify="space-between" mb="sm">
        <Title order={2} size="h3" id="rules">
          {t('alerts.rules')}
        </Title>
        {may('decide') && (
          <Button variant="light" size="compact-md" onClick={() => setChanging(true)}>
            {t('alerts.change')}
          </Button>
        )}
      </Group>
      <dl className="alerts-rules">
        {KINDS.map((kind) => {
          const threshold = rules[kind]
          const said = threshold === null ? t('alerts.off') : `${number(threshold)}${t(`alerts.unit.${kind}`)}`
          return <Fact key={kind} label={t(`alerts.rule.${kind}`)} value={said} />
        })}
        <Fact label={t('alerts.auditEvery')} value={every(auditCheckHours)} />
        <Fact label={t('alerts.repeatAfter')} value={every(repeatHours)} />
      </dl>
      {changedAt !== undefined && changedBy !== undefined && (
        <Text size="sm" className="kit-quiet" mt="sm">
          {t('alerts.changed', { at: localMoment(changedAt, i18n.language, nowThere()), by: changedBy })}
        </Text>
      )}
      {isChanging && <RulesModal settings={settings} onClose={() => setChanging(false)} />}
    </Card>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div style={{ display: 'contents' }}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function RulesModal({ settings, onClose }: { settings: AlertSettings; onClose: () => void }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const [typed, setTyped] = useState<Record<AlertKind, number | string | null>>({ ...settings.rules })
  const [audit, setAudit] = useState<number | string>(settings.auditCheckHours)
  const [repeat, setRepeat] = useState<number | string>(settings.repeatHours)
  const hours = { min: 1, max: 720, allowDecimal: false, suffix: t('alerts.hours'), required: true }
  return (
    <DeedModal
      title={t('alerts.rules')}
      effect={`${t('alerts.rulesNote')} ${t('alerts.emptyNote')}`}
      verb={t('alerts.save')}
      isReady={typeof audit === 'number' && typeof repeat === 'number'}
      onDo={async () => {
        const changed = { rules: rulesOf(typed), auditCheckHours: Number(audit), repeatHours: Number(repeat) }
        await changeSettings(ask, changed)
        await queries.invalidateQueries({ queryKey: ['alert-settings'] })
      }}
      onClose={onClose}
    >
      {KINDS.map((kind, at) => (
        <NumberInput
          key={kind}
          label={t(`alerts.rule.${kind}`)}
          value={typed[kind] ?? ''}
          onChange={(value) => setTyped((before) => ({ ...before, [kind]: value }))}
          min={0}
          max={MOST[kind]}
          suffix={t(`alerts.unit.${kind}`)}
          placeholder={t('alerts.empty')}
          allowDecimal={false}
          {...(at === 0 && { 'data-autofocus': true })}
        />
      ))}
      <NumberInput label={t('alerts.auditEvery')} value={audit} onChange={setAudit} {...hours} />
      <NumberInput label={t('alerts.repeatAfter')} value={repeat} onChange={setRepeat} {...hours} />
    </DeedModal>
  )
}
