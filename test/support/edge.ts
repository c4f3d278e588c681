import type { EdgeStatus } from '../../schemas/generated/types'
import { type Answer, askJson } from './ask'
import type { RunningHub } from './hub'
import { type Running, startProgram, temporaryFolder, until } from './processes'

export interface RunningEdge extends Running {
  readonly externalId: string
  ask(path: string, options?: { method?: string; body?: unknown; headers?: Record<string, string> }): Promise<Answer>
  status(): Promise<EdgeStatus>
  /** Waits until the hub has answered for every record. */
  synced(withinMs?: number): Promise<EdgeStatus>
  remove(): Promise<void>
}

/** An edge as a process, with a data folder of its own; with `prepare` there is something in it before the edge starts. */
export async function startEdge(
  externalId: string,
  hubUrl: string,
  env: Readonly<Record<string, string>> = {},
  prepare: (dataFolder: string) => Promise<void> = async () => undefined,
): Promise<RunningEdge> {
  const folder = await temporaryFolder()
  await prepare(folder.path)
  const program = await startProgram(
    ['edge'],
    {
      EDGE_DATA: folder.path,
      EDGE_EXTERNAL_ID: externalId,
      EDGE_NAME: `Facility ${externalId}`,
      EDGE_LOG_LEVEL: 'warn',
      HUB_URL: hubUrl,
      ...env,
    },
    'EDGE_PORT',
    folder.path,
  )
  const ask: RunningEdge['ask'] = async (path, options) => {
    try {
      return await askJson(`${program.url}${path}`, undefined, options)
    } catch (cause) {
      // "fetch failed" hides that somebody else, or a fault, has ended it.
      const ended = program.ended()
      if (ended === undefined) throw cause
      throw new Error(`the edge of ${externalId} has ended with ${ended}:\n${program.output()}`, { cause })
    }
  }
  const status = async () => (await ask('/status')).body as EdgeStatus
  return Object.assign(Object.create(program) as Running, {
    externalId,
    ask,
    status,
    synced: (withinMs = 120_000) =>
      until(
        `${externalId} is synced`,
        async () => {
          const now = await status()
          return now.sync.state === 'idle' && now.sync.pendingDocuments === 0 && now
        },
        withinMs,
      ),
    remove: async () => {
      await program.kill()
      await folder.remove()
    },
  })
}

/** What the operator does: compares the codes and accepts, here and where the edge asks for data access. */
export async function acceptEdge(hub: Pick<RunningHub, 'operator'>, edge: RunningEdge): Promise<void> {
  const { registration } = await until('the edge has asked', async () => {
    const status = await edge.status()
    return status.registration.status !== 'unregistered' && status
  })
  const list = (await hub.operator('/operator/registrations?status=pending')).body as {
    registrations: { id: string; pairingCode: string }[]
  }
  const waiting = list.registrations.find((one) => one.pairingCode === registration.pairingCode)
  if (!waiting) throw new Error(`no waiting registration shows the code ${registration.pairingCode}`)
  const accepted = await hub.operator(`/operator/registrations/${waiting.id}/accept`, { method: 'POST', body: {} })
  if (accepted.status >= 300) throw new Error(`not accepted: ${JSON.stringify(accepted.body)}`)
  await until('the edge knows', async () => (await edge.status()).registration.status === 'accepted')
}

/** The operator lets an accepted facility import. */
export async function allowImports(hub: RunningHub, edge: RunningEdge): Promise<void> {
  await until('the edge has asked for data access', async () => {
    const path = `/operator/nodes/node-${edge.externalId}/data-access/accept`
    return (await hub.operator(path, { method: 'POST', body: {} })).status < 300
  })
  await until('the edge may import', async () => (await edge.status()).dataAccess.status === 'accepted')
}
