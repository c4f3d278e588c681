import { CodedError } from '../../protocol/error-codes'
import type { ConfigurationDocument, ConfigurationVersion, NodeDocument } from '../../schemas/generated/types'
import { isConfigurationDocument } from '../../schemas/generated/validators'
import { decide } from '../audit/decide'
import { configurationOf, type SyncSettings, syncOf } from './configuration-of'
import { type Database, endOf, stored } from './database'
import { nextVersion, nodeUnknown, readNode } from './node-documents'
import type { NodeStores } from './node-stores'
import { settingsInWords } from './settings-in-words'

/** So many others at one facility at one moment do not happen: something is wrong. */
const MOST_TRIES = 20
const MOST_SHOWN = 100

/** All that an edge obeys, in place of what it obeyed before; the edge learns it with its configuration. Throws NODE_UNKNOWN. */
export async function setConfiguration(
  nodeName: string,
  asked: { sync: SyncSettings; note?: string },
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  if (!(await readNode(stores.nodes, nodeName))) throw nodeUnknown()
  const decision = { kind: 'node' as const, action: 'configuration', node: nodeName, operator }
  return decide(stores.audit, { ...decision, reason: settingsInWords(asked.sync) }, () =>
    configure(nodeName, () => asked.sync, { ...asked, operator }, stores),
  )
}

/** What held once holds again, as a new version. Throws NODE_UNKNOWN, CONFIGURATION_UNKNOWN. */
export async function restoreConfiguration(
  nodeName: string,
  version: number,
  operator: string,
  stores: NodeStores,
): Promise<NodeDocument> {
  if (!(await readNode(stores.nodes, nodeName))) throw nodeUnknown()
  const decision = { kind: 'node' as const, action: 'restore', node: nodeName, operator }
  return decide(stores.audit, { ...decision, reason: `As version ${version}.` }, async () => {
    const { sync } = (await listConfigurations(nodeName, stores.nodes)).find((one) => one.version === version) ?? {}
    if (sync === undefined) throw new CodedError('CONFIGURATION_UNKNOWN', 'This facility had no such configuration.')
    return configure(nodeName, () => sync, { operator, note: `As version ${version}.` }, stores)
  })
}

/** Newest first, the one that holds first of all. Throws NODE_UNKNOWN. */
export async function listConfigurations(nodeName: string, nodes: Database): Promise<ConfigurationVersion[]> {
  const node = await readNode(nodes, nodeName)
  if (node === undefined) throw nodeUnknown()
  const prefix = `configuration:${nodeName}:`
  const before = (await nodes.range(prefix, endOf(prefix))).map((one) => asConfiguration(one).configuration)
  const now = await configurationOf(node, nodes)
  // One that is kept and still holds: somebody else was quicker, or the change ended in between.
  const past = before.filter(({ version }) => version < now.version).reverse()
  return [now, ...past].slice(0, MOST_SHOWN)
}

/**
 * What holds now is kept under its version first, and then changed, unless somebody else was quicker: so no version is lost,
 * wherever it ends in between. The same again is no change.
 */
export async function configure(
  nodeName: string,
  change: (before: SyncSettings) => SyncSettings,
  { operator, note }: { operator: string; note?: string },
  { nodes, now }: Pick<NodeStores, 'nodes' | 'now'>,
): Promise<NodeDocument> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const node = await readNode(nodes, nodeName)
    if (node === undefined) throw nodeUnknown()
    const sync = said(change(syncOf(node)))
    if (settingsInWords(sync) === settingsInWords(syncOf(node))) return node
    const configuration = await configurationOf(node, nodes)
    const _id = `configuration:${nodeName}:${String(configuration.version).padStart(10, '0')}`
    // A conflict: it is kept already.
    await nodes.put({ _id, kind: 'configuration', nodeName, configuration } as ConfigurationDocument)
    const { budget: _budget, lanes: _lanes, ...rest } = node
    const next = nextVersion(node)
    const by = { version: next.configurationVersion, at: now().toISOString(), by: operator, ...(note && { note }) }
    const changed: NodeDocument = { ...rest, ...sync, ...next, configured: by }
    if ((await nodes.put(changed)) === 'written') return changed
  }
  throw new CodedError('OVERLOADED', 'Too many changes at once to one entry; try again.')
}

/** An empty budget is none. */
function said({ budget, lanes }: SyncSettings): SyncSettings {
  const isBudget = Object.values(budget ?? {}).some((value) => value !== undefined)
  return { ...(budget && isBudget && { budget }), ...(lanes && { lanes }) }
}

function asConfiguration(document: unknown): ConfigurationDocument {
  return stored(isConfigurationDocument, document, 'configuration')
}
