import { Text, Title } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RegistrationSummary } from '../../../schemas/generated/types'
import { Failure } from '../../../web-kit/failure'
import { LooksOnly } from '../session/looks-only'
import { useSession } from '../session/use-session'
import { AcceptModal } from './accept-modal'
import { ChooseBar } from './choose-bar'
import { chosenOf } from './chosen'
import { ContestCard } from './contest-card'
import { DataAccessRequests } from './data-access-requests'
import { DecidedList } from './decided-list'
import { contestsOf } from './groups'
import './registrations.css'
import { RejectModal } from './reject-modal'
import { useNodes, useRegistrations } from './use-registrations'

export type Doing =
  | { readonly kind: 'accept' | 'reject'; readonly registration: RegistrationSummary }
  | { readonly kind: 'reject-chosen' }

/** Who asks to take part, and who asks to read others' records: two things, each decided by itself. */
export function RegistrationsPage() {
  const { t } = useTranslation()
  const pending = useRegistrations('pending')
  const nodes = useNodes()
  const [doing, setDoing] = useState<Doing>()
  const { may } = useSession()
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set())
  const waiting = pending.data?.registrations ?? []
  const contests = contestsOf(waiting)
  const chosen = chosenOf(waiting, ids)
  const choose = (id: string, isChosen: boolean) =>
    setIds((before) => new Set(isChosen ? [...before, id] : [...before].filter((other) => other !== id)))
  const close = () => setDoing(undefined)
  return (
    <>
      <Title order={1} mb="xs">
        {t('registrations.title')}
      </Title>
      <LooksOnly />
      <section aria-labelledby="waiting">
        <Title order={2} id="waiting" mb={4}>
          {t('registrations.waiting')}
        </Title>
        <Text className="kit-quiet" mb="md" maw={760}>
          {t('registrations.how')}
        </Text>
        {pending.error && <Failure error={pending.error} onRetry={() => void pending.refetch()} />}
        {pending.data && contests.length === 0 && <Text>{t('registrations.none')}</Text>}
        {may('decide') && waiting.length > 1 && (
          <ChooseBar
            waiting={waiting}
            chosen={chosen}
            onChoose={(all) => setIds(new Set(all))}
            onReject={() => setDoing({ kind: 'reject-chosen' })}
          />
        )}
        {contests.map((contest) => (
          <ContestCard
            key={contest.registrations[0]?.id}
            contest={contest}
            nodes={nodes.data?.nodes ?? []}
            onDo={setDoing}
            {...(waiting.length > 1 && { chosen: ids, onChoose: choose })}
          />
        ))}
      </section>
      <DataAccessRequests nodes={nodes} />
      <DecidedList />
      {doing?.kind === 'accept' && <AcceptModal registration={doing.registration} onClose={close} />}
      {doing?.kind === 'reject' && <RejectModal registrations={[doing.registration]} onClose={close} />}
      {doing?.kind === 'reject-chosen' && (
        <RejectModal registrations={chosen} onClose={close} onDone={() => setIds(new Set())} />
      )}
    </>
  )
}
