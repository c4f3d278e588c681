import { Alert, Button, Code, Stack, Text, TextInput } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { create } from 'qrcode'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OperatorSummary, TotpEnrolment } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { PasswordField } from './new-password'

interface SecondFactorProps {
  readonly name: string
  /** Undefined where it is not told, as to an auditor. */
  readonly state: OperatorSummary['totp'] | undefined
}

/** An authenticator on the own telephone: begun with the password, and on once it has shown a right code. */
export function SecondFactor({ name, state }: SecondFactorProps) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const path = `/operator/operators/${encodeURIComponent(name)}/totp`
  const [currentPassword, setPassword] = useState('')
  const [code, setCode] = useState('')
  const begin = useMutation({
    mutationFn: () => ask<TotpEnrolment>(path, { method: 'POST', body: { currentPassword } }),
  })
  const confirm = useMutation({
    mutationFn: () => ask(path, { method: 'PUT', body: { code: code.replaceAll(' ', '') } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['operators'] }),
  })
  if (confirm.isSuccess || (state === 'active' && !begin.data)) {
    return (
      <Alert role="status" color="leaf" icon={<IconShieldCheck />} title={t('operators.factor.on')}>
        {t('operators.factor.onNote')}
      </Alert>
    )
  }
  if (begin.data) {
    return (
      <form
        onSubmit={(event) => {
          event.preventDefault()
          confirm.mutate()
        }}
      >
        <Stack>
          <Text>{t('operators.factor.scan')}</Text>
          <Qr text={begin.data.uri} label={t('operators.factor.qr')} />
          <Text size="sm">
            {t('operators.factor.byHand')} <Code>{begin.data.secret.match(/.{1,4}/g)?.join(' ')}</Code>
          </Text>
          <TextInput
            label={t('operators.factor.code')}
            value={code}
            onChange={({ currentTarget }) => setCode(currentTarget.value)}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={20}
            required
          />
          {confirm.error && <Failure error={confirm.error} />}
          <Button type="submit" loading={confirm.isPending} style={{ alignSelf: 'flex-start' }}>
            {t('operators.factor.confirm')}
          </Button>
        </Stack>
      </form>
    )
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        begin.mutate()
      }}
    >
      <Stack>
        <Text>{t('operators.factor.why')}</Text>
        <PasswordField kind="present" value={currentPassword} onChange={setPassword} />
        {begin.error && <Failure error={begin.error} />}
        <Button type="submit" loading={begin.isPending} style={{ alignSelf: 'flex-start' }}>
          {t('operators.factor.begin')}
        </Button>
      </Stack>
    </form>
  )
}

/** Dark on light in both themes, with its quiet zone: cameras read nothing else. */
function Qr({ text, label }: { text: string; label: string }) {
  const { modules } = create(text, { errorCorrectionLevel: 'M' })
  const { size, data } = modules
  const path = [...data]
    .map((bit, index) => (bit ? `M${(index % size) + 4} ${Math.floor(index / size) + 4}h1v1h-1z` : ''))
    .join('')
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size + 8} ${size + 8}`} width={200} height={200}>
      <path d={`M0 0h${size + 8}v${size + 8}H0z`} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  )
}
