import { Center, Loader, Text, Title } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useSearchParams } from 'react-router'
import { isPurposeOfUse } from '../../../protocol/purpose-of-use'
import type { ImportTicket } from '../../../schemas/generated/types'
import { Failure } from '../../../web-kit/failure'
import { useDraft } from '../drafts/use-draft'
import type { SeenStatus } from '../sync/use-edge-status'
import { AccessNote } from './access-note'
import { type AskedImport, NOTHING_ASKED } from './asked-import'
import { BringForm } from './bring-form'
import { ImportList } from './import-list'
import './imports.css'
import { IMPORTS_KEY } from './use-imports'

/** Asks for another facility's patient, and shows what came of what was asked for. `?mrn=` fills in whose. */
export function BringPage({ status: { status } }: { status: SeenStatus }) {
  const { t } = useTranslation()
  const queries = useQueryClient()
  const draft = useDraft<AskedImport>('bring', NOTHING_ASKED)
  const [search, setSearch] = useSearchParams()
  const [asked, setAsked] = useState<ImportTicket | undefined>()
  const heading = useRef<HTMLHeadingElement>(null)
  const top = useRef<HTMLHeadingElement>(null)
  const given = search.get('mrn')
  const { isReady, change } = draft
  useEffect(() => {
    if (!isReady || given === null) return
    change((before) => ({ ...before, mrn: given }))
    setSearch({}, { replace: true })
  }, [isReady, given, change, setSearch])

  const onAsked = (ticket: ImportTicket) => {
    setAsked(ticket)
    void queries.invalidateQueries({ queryKey: IMPORTS_KEY })
    heading.current?.focus()
  }
  const onAgain = ({ mrn, reason = '' }: ImportTicket, purpose: string) => {
    if (!isPurposeOfUse(purpose)) return
    change({ mrn, purpose, reason, isSure: false })
    top.current?.focus()
    top.current?.scrollIntoView()
  }
  return (
    <>
      <Title order={1} ref={top} tabIndex={-1} style={{ outline: 'none' }}>
        {t('imports.title')}
      </Title>
      <Text className="kit-quiet" mb="md">
        {t('imports.hint')}
      </Text>
      {status && <AccessNote edge={status} />}
      <div className="imports-columns">
        <div>
          {draft.error !== undefined && <Failure error={draft.error} onRetry={draft.retry} />}
          {!isReady && draft.error === undefined && (
            <Center p="xl">
              <Loader aria-label={t('frame.loading')} />
            </Center>
          )}
          {isReady && <BringForm draft={draft} externalId={status?.externalId} onAsked={onAsked} />}
        </div>
        <div>
          <Text role="status" size="sm" fw={600} mih={asked ? undefined : 0}>
            {asked && t('imports.asked', { mrn: asked.mrn })}
          </Text>
          <ImportList edge={status} onAgain={onAgain} heading={heading} />
        </div>
      </div>
    </>
  )
}
