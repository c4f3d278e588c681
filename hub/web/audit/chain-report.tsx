import { Alert, List, Text } from '@mantine/core'
import { IconShieldCheck, IconShieldX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { localDate, localNumber, localTime } from '../../../web-kit/local-form'
import type { VerifyReport } from '../../audit/verify/verify-audit'

/** Breaks beyond these are counted. */
const MOST_SHOWN = 10

/** What the reckoning came to, in words: whole, or where it first is not. */
export function ChainReport({ report }: { report: VerifyReport }) {
  const { t, i18n } = useTranslation()
  const { breaks, entries, chains, sealed, open, unchained } = report
  const number = (value: number) => localNumber(value, i18n.language)
  const isWhole = breaks.length === 0
  const lacking = open.filter(({ unresolved }) => unresolved.length > 0)
  return (
    <Alert
      role="status"
      mt="md"
      color={isWhole ? 'leaf' : 'red'}
      icon={isWhole ? <IconShieldCheck /> : <IconShieldX />}
      title={t(isWhole ? 'audit.chains.whole' : 'audit.chains.broken')}
    >
      <Text>
        {t('audit.chains.size', { entries: number(entries), chains: number(chains), sealed: number(sealed) })}
        {unchained > 0 && ` ${t('audit.chains.unchained', { count: unchained })}`}
      </Text>
      {breaks.length > 0 && (
        <List mt="xs" spacing="xs">
          {breaks.slice(0, MOST_SHOWN).map(({ kind, chain, id, at, reason }) => (
            <List.Item key={`${kind} ${chain} ${id}`}>
              <Text fw={600}>
                {t(`audit.break.${kind}`)}
                {at !== undefined && ` (${localDate(at, i18n.language)}, ${localTime(at, i18n.language)})`}
              </Text>
              <Text size="sm" lang="en">
                {reason}
              </Text>
            </List.Item>
          ))}
        </List>
      )}
      {breaks.length > MOST_SHOWN && <Text>{t('audit.chains.moreBreaks', { count: breaks.length - MOST_SHOWN })}</Text>}
      {isWhole && <Text mt="xs">{t('audit.chains.meaning')}</Text>}
      {lacking.length > 0 && <Text mt="xs">{t('audit.chains.lacking', { count: lacking.length })}</Text>}
      {!isWhole && <Text mt="xs">{t('audit.chains.next')}</Text>}
    </Alert>
  )
}
