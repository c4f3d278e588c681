import { Button, Card, FileButton, Group, Progress, Text, Title } from '@mantine/core'
import { IconDownload, IconFileCheck, IconShieldCheck } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { AuditHead, AuditHeads } from '../../../schemas/generated/types'
import { ask, nowThere } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment, localNumber } from '../../../web-kit/local-form'
import { ChainReport } from './chain-report'
import { notedHeadsIn } from './noted-heads'
import { verifyHere } from './verify-here'

/** Whether the audit is as it was written: reckoned on this computer, entry by entry. */
export function ChainCheck() {
  const { t, i18n } = useTranslation()
  const [count, setCount] = useState(0)
  const [isNoFile, setNoFile] = useState(false)
  const running = useRef<AbortController>(undefined)
  const heads = useQuery({
    queryKey: ['audit-heads'],
    queryFn: ({ signal }) => ask<AuditHeads>('/operator/audit/heads', { signal }),
  })
  const check = useMutation({
    mutationFn: (noted: readonly AuditHead[]) => {
      setCount(0)
      running.current = new AbortController()
      return verifyHere(noted, { signal: running.current.signal, onProgress: setCount })
    },
  })
  const compare = async (file: File | null) => {
    if (!file) return
    const noted = notedHeadsIn(await file.text())
    setNoFile(noted === undefined)
    if (noted) check.mutate(noted)
  }
  const keep = () => {
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob([JSON.stringify(heads.data, null, 2)], { type: 'application/json' }))
    link.download = `audit-heads-${new Date().toISOString().slice(0, 10)}.json`
    link.click()
    URL.revokeObjectURL(link.href)
  }
  const whole = heads.data?.documents ?? 0
  return (
    <>
      <Card className="kit-surface" padding="md" mb="md">
        <Title order={2} size="h3" mb={4}>
          {t('audit.chains.check')}
        </Title>
        <Text className="kit-quiet" mb="md" maw={760}>
          {t('audit.chains.checkNote')}
        </Text>
        <Group gap="xs">
          <Button
            leftSection={<IconShieldCheck size={18} />}
            loading={check.isPending}
            onClick={() => check.mutate([])}
          >
            {t('audit.chains.checkNow')}
          </Button>
          {check.isPending && (
            <Button variant="default" onClick={() => running.current?.abort()}>
              {t('frame.cancel')}
            </Button>
          )}
        </Group>
        {check.isPending && (
          <>
            <Progress value={whole === 0 ? 100 : Math.min(100, (count / whole) * 100)} mt="md" aria-hidden animated />
            <Text size="sm" mt={4}>
              {t('audit.chains.progress', { entries: localNumber(count, i18n.language) })}
            </Text>
          </>
        )}
        {check.error && !running.current?.signal.aborted && <Failure error={check.error} />}
        {check.data && !check.isPending && <ChainReport report={check.data} />}
      </Card>
      <Card className="kit-surface" padding="md">
        <Title order={2} size="h3" mb={4}>
          {t('audit.chains.keep')}
        </Title>
        <Text className="kit-quiet" mb="md" maw={760}>
          {t('audit.chains.keepNote')}
        </Text>
        {heads.error && <Failure error={heads.error} onRetry={() => void heads.refetch()} />}
        {heads.data && (
          <Text mb="sm">
            {t('audit.chains.ends', {
              count: heads.data.heads.length,
              entries: localNumber(heads.data.documents, i18n.language),
              at: localMoment(heads.data.at, i18n.language, nowThere()),
            })}
          </Text>
        )}
        <Group gap="xs">
          <Button variant="default" leftSection={<IconDownload size={18} />} disabled={!heads.data} onClick={keep}>
            {t('audit.chains.save')}
          </Button>
          <FileButton onChange={(file) => void compare(file)} accept="application/json,.json">
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconFileCheck size={18} />} disabled={check.isPending}>
                {t('audit.chains.compare')}
              </Button>
            )}
          </FileButton>
        </Group>
        {isNoFile && (
          <Text role="alert" c="var(--mantine-color-error)" mt="sm">
            {t('audit.chains.noFile')}
          </Text>
        )}
      </Card>
    </>
  )
}
