import type { EdgeStatus, ImportTicket, LoadReport, NodeList, RegistrationList } from '../../schemas/generated/types'
import { madeUpRecord } from '../made-up/records'
import { ask, until } from './ask'
import { bar, count, Progress } from './show'

const SEED = 101

/** A facility of the trial, spoken to over its own HTTP interface as any other program would. */
export interface Facility {
  externalId: string
  name: string
  url: string
}

export interface Hub {
  url: string
  password: string
}

export function statusOf(facility: Facility): Promise<EdgeStatus> {
  return ask<EdgeStatus>(`${facility.url}/status`)
}

/** What the operator does: finds the waiting registration whose code is the one that the facility shows, and accepts it. */
export async function accept(hub: Hub, facility: Facility): Promise<'accepted' | 'was accepted before'> {
  const { registration } = await until(
    `${facility.externalId} has asked to take part`,
    async () => {
      const status = await statusOf(facility)
      return status.registration.status === 'unregistered' ? undefined : status
    },
    { everyMs: 200, withinMs: 30_000 },
  )
  if (registration.status === 'accepted') return 'was accepted before'
  const { registrations } = await ask<RegistrationList>(`${hub.url}/operator/registrations?status=pending`, hub)
  const waiting = registrations.find(
    (one) => one.externalId === facility.externalId && one.pairingCode === registration.pairingCode,
  )
  if (!waiting) throw new Error(`no registration of ${facility.externalId} shows the code ${registration.pairingCode}`)
  await ask(`${hub.url}/operator/registrations/${waiting.id}/accept`, {
    method: 'POST',
    body: {},
    password: hub.password,
  })
  await until(
    `${facility.externalId} knows that it is accepted`,
    async () => ((await statusOf(facility)).registration.status === 'accepted' ? true : undefined),
    { everyMs: 200, withinMs: 60_000 },
  )
  return 'accepted'
}

/** Writes made-up patients at a facility; those that are there stay as they are. */
export async function writePatients(
  facility: Facility,
  patients: number,
  signal: AbortSignal,
): Promise<{ created: number; unchanged: number }> {
  const progress = new Progress()
  const total = { created: 0, unchanged: 0 }
  const today = new Date()
  for (let index = 0; index < patients; index++) {
    signal.throwIfAborted()
    const bundle = madeUpRecord(SEED, index, today)
    const report = await ask<LoadReport>(`${facility.url}/load`, { method: 'POST', body: bundle })
    total.created += report.resources.created
    total.unchanged += report.resources.unchanged
    const text = `${bar(index + 1, patients)} ${index + 1} of ${patients} patients, ${count(total.created)} new records`
    progress.show(text, index + 1 === patients)
  }
  return total
}

/** Waits until the hub has said of every record that it has it. */
export async function arrival(facility: Facility, signal: AbortSignal): Promise<EdgeStatus> {
  const progress = new Progress()
  let most = 0
  return until(
    'all records are at the hub',
    async () => {
      signal.throwIfAborted()
      const status = await statusOf(facility)
      const { pendingDocuments, state } = status.sync
      most = Math.max(most, pendingDocuments)
      const isDone = pendingDocuments === 0 && state === 'idle'
      progress.show(`${bar(most - pendingDocuments, most)} ${count(pendingDocuments)} records wait`, isDone)
      return isDone ? status : undefined
    },
    { everyMs: 200, withinMs: 600_000 },
  )
}

/** The operator lets the facility import. */
export async function allowImports(hub: Hub, facility: Facility): Promise<void> {
  const node = await until(
    `${facility.externalId} has asked for data access`,
    async () => {
      const { nodes } = await ask<NodeList>(`${hub.url}/operator/nodes`, hub)
      const found = nodes.find((one) => one.externalId === facility.externalId)
      return found && found.dataAccess.status !== 'none' ? found : undefined
    },
    { everyMs: 300, withinMs: 60_000 },
  )
  if (node.dataAccess.status !== 'accepted') {
    const path = `/operator/nodes/${node.nodeName}/data-access/accept`
    await ask(`${hub.url}${path}`, { method: 'POST', body: {}, password: hub.password })
  }
}

/** Asks for another facility's patient and waits for the record. */
export async function importPatient(facility: Facility, mrn: string): Promise<ImportTicket> {
  const ticket = await ask<ImportTicket>(`${facility.url}/imports`, {
    method: 'POST',
    body: { mrn, purpose: 'TREAT' },
  })
  return until(
    `the record of ${mrn} has come`,
    async () => {
      const now = await ask<ImportTicket>(`${facility.url}/imports/${ticket.id}`)
      if (now.status === 'failed') throw new Error(`the import was refused: ${JSON.stringify(now.lastError)}`)
      return now.status === 'done' ? now : undefined
    },
    { everyMs: 300, withinMs: 120_000 },
  )
}
