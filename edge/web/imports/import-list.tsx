import { Badge, Button, Group, Stack, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { type RefObject, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { EdgeStatus, ImportTicket } from '../../../schemas/generated/types'
import { AskError, ask } from '../../../web-kit/ask'
import { Failure } from '../../../web-kit/failure'
import { localMoment, localNumber } from '../../../web-kit/local-form'
import { type ImportSentence, importSentence } from './import-sentence'
import { IMPORTS_KEY, useImports } from './use-imports'

const COLORS: Readonly<Record<ImportSentence['tone'], string>> = {
  good: 'leaf',
  busy: 'blue',
  waiting: 'yellow',
  attention: 'red',
  quiet: 'gray',
}

export interface ImportListProps {
  readonly edge: EdgeStatus | undefined
  /** Puts what was asked into the form once more. */
  readonly onAgain: (ticket: ImportTicket, purpose: string) => void
  readonly heading: RefObject<HTMLHeadingElement | null>
}

/** What was asked for, newest first, each with what came of it and what can be done. */
export function ImportList({ edge, onAgain, heading }: ImportListProps) {
  const { t } = useTranslation()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useImports()
  const tickets = data?.pages.flatMap(({ imports }) => imports) ?? []
  return (
    <section>
      <Title order={2} size="h3" mb="xs" ref={heading} tabIndex={-1} style={{ outline: 'none', scrollMarginTop: 120 }}>
        {t('imports.list')}
      </Title>
      {error && <Failure error={error} onRetry={() => void refetch()} />}
      {data && tickets.length === 0 && <Text className="kit-quiet">{t('imports.none')}</Text>}
      {tickets.length > 0 && (
        <ul className="imports-list kit-surface">
          {tickets.map((ticket) => (
            <Row key={ticket.id} ticket={ticket} edge={edge} onAgain={onAgain} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="light" mt="md" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('imports.more')}
        </Button>
      )}
    </section>
  )
}

function Row({ ticket, edge, onAgain }: { ticket: ImportTicket } & Pick<ImportListProps, 'edge' | 'onAgain'>) {
  const { t, i18n } = useTranslation()
  const queries = useQueryClient()
  const [error, setError] = useState<unknown>()
  const { mrn, purpose, reason, requestedAt, requestedBy, finishedAt, retryAt, resources, status, lastError } = ticket
  const { key, tone, deeds } = importSentence(ticket, edge)
  const moment = (at: string) => localMoment(at, i18n.language, new Date())
  const who = requestedBy?.map(({ fullName }) => fullName).join(', ')
  const cancel = async () => {
    setError(undefined)
    try {
      await ask(`/imports/${ticket.id}`, { method: 'DELETE' })
    } catch (cause) {
      // It has come in the meantime; the list says so.
      if (!(cause instanceof AskError && cause.code === 'IMPORT_ENDED')) setError(cause)
    }
    await queries.invalidateQueries({ queryKey: IMPORTS_KEY })
  }
  return (
    <li className="imports-row">
      <Stack gap={4} miw={0}>
        <Group gap="xs">
          <Text ff="monospace" fw={650}>
            {mrn}
          </Text>
          <Badge variant="light" color={COLORS[tone]} c="var(--mantine-color-text)" tt="none" size="lg" role="status">
            {t(`imports.state.${key}.name`)}
          </Badge>
        </Group>
        <Text size="sm">
          {t(`imports.state.${key}.text`)}
          {key === 'failed' && lastError && ` ${lastError.reason}`}
          {status === 'done' &&
            resources !== undefined &&
            ` ${t('imports.resources', { count: resources, number: localNumber(resources, i18n.language) })}.`}
        </Text>
        <Text size="xs" className="kit-quiet" style={{ overflowWrap: 'anywhere' }}>
          {[
            `${t(`imports.purposeOf.${purpose}`)}${reason === undefined ? '' : `: ${reason}`}`,
            `${moment(requestedAt)}${who ? ` ${t('imports.by', { who })}` : ''}`,
            status === 'waiting' && retryAt !== undefined && t('imports.next', { at: moment(retryAt) }),
            finishedAt !== undefined && `${t(`imports.state.${key}.name`)} ${moment(finishedAt)}`,
          ]
            .filter(Boolean)
            .join(' · ')}
        </Text>
        {error !== undefined && <Failure error={error} />}
      </Stack>
      <Group gap="xs" className="imports-deeds">
        {deeds.includes('open') && (
          <Button component={Link} to={`/patients/${mrn}`} size="sm" variant="light">
            {t('imports.open')}
          </Button>
        )}
        {deeds.includes('again') && (
          <Button size="sm" variant="default" onClick={() => onAgain(ticket, purpose)}>
            {t('imports.again')}
          </Button>
        )}
        {deeds.includes('breakGlass') && (
          <Button size="sm" variant="light" color="red" onClick={() => onAgain(ticket, 'BTG')}>
            {t('imports.breakGlass')}
          </Button>
        )}
        {deeds.includes('cancel') && (
          <Button size="sm" variant="default" aria-label={t('imports.cancelOf', { mrn })} onClick={() => void cancel()}>
            {t('imports.cancel')}
          </Button>
        )}
      </Group>
    </li>
  )
}
