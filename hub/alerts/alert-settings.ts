import { CodedError } from '../../protocol/error-codes'
import type {
  AlertSecretDocument,
  AlertSettings,
  AlertSettingsDocument,
  AlertSettingsRequest,
} from '../../schemas/generated/types'
import { isAlertSecretDocument, isAlertSettingsDocument } from '../../schemas/generated/validators'
import { decide, type WriteDecision } from '../audit/decide'
import { changeDocument, type Database, stored } from '../nodes/database'
import type { Sealer } from '../nodes/seal'
import { DEFAULT_SETTINGS } from './rules'
import { isWebhookUrl } from './webhook'

const SETTINGS_ID = 'alert-settings'
/** In `node_security`, where `lontar hub rekey` looks for whatever is sealed. */
const SECRET_ID = 'alert-webhook'
const OWNER = { nodeName: SECRET_ID, kind: 'webhook' } as const

export interface SettingsParts {
  readonly nodes: Database
  readonly nodeSecurity: Database
  readonly sealer: Sealer
  readonly audit: WriteDecision
  readonly now: () => Date
}

export async function readSettings(nodes: Pick<Database, 'get'>): Promise<AlertSettings> {
  const found = await nodes.get(SETTINGS_ID)
  return found === undefined ? DEFAULT_SETTINGS : stored(isAlertSettingsDocument, found, 'alert settings').settings
}

/** Undefined where none was ever given. */
export async function readWebhookSecret(
  nodeSecurity: Pick<Database, 'get'>,
  sealer: Sealer,
): Promise<string | undefined> {
  const found = await nodeSecurity.get(SECRET_ID)
  return found === undefined ? undefined : sealer.open(asSecret(found).secretSealed, OWNER)
}

/** All settings in place of those before; the secret of the webhook stays where none is given. */
export async function changeSettings(
  { webhook, ...settings }: AlertSettingsRequest,
  operator: string,
  { nodes, nodeSecurity, sealer, audit, now }: SettingsParts,
): Promise<AlertSettings> {
  if (webhook && !isWebhookUrl(webhook.url)) {
    throw new CodedError('INVALID_REQUEST', 'webhook.url must be https, without a name, a password or a fragment.')
  }
  if (webhook && webhook.secret === undefined && (await nodeSecurity.get(SECRET_ID)) === undefined) {
    throw new CodedError('INVALID_REQUEST', 'webhook.secret must be given the first time: 16 characters or more.')
  }
  const changed: AlertSettings = {
    ...settings,
    ...(webhook && { webhook: { url: webhook.url } }),
    changedAt: now().toISOString(),
    changedBy: operator,
  }
  const decision = { kind: 'configuration' as const, action: 'alert-settings', operator, reason: inWords(changed) }
  return decide(audit, decision, async () => {
    // First: a webhook without its secret would be told nothing.
    if (webhook?.secret !== undefined) await keepSecret(webhook.secret, nodeSecurity, sealer)
    const document: AlertSettingsDocument = { _id: SETTINGS_ID, kind: 'alert-settings', settings: changed }
    await changeDocument(
      nodes,
      SETTINGS_ID,
      (found) => stored(isAlertSettingsDocument, found, 'settings'),
      () => document,
    )
    return changed
  })
}

async function keepSecret(secret: string, nodeSecurity: Database, sealer: Sealer): Promise<void> {
  const document: AlertSecretDocument = {
    _id: SECRET_ID,
    kind: 'alert-webhook',
    secretSealed: sealer.seal(secret, OWNER),
  }
  await changeDocument(nodeSecurity, SECRET_ID, asSecret, () => document)
}

function asSecret(document: unknown): AlertSecretDocument {
  return stored(isAlertSecretDocument, document, 'alert secret')
}

/** As the audit has it, without the addresses of people. */
function inWords({ rules, auditCheckHours, repeatHours, webhook, email }: AlertSettings): string {
  const limits = Object.entries(rules).map(([kind, threshold]) => `${kind} ${threshold ?? 'off'}`)
  const where = [webhook ? `webhook ${new URL(webhook.url).host}` : 'no webhook', `${email?.to.length ?? 0} e-mail`]
  return [...limits, `audit every ${auditCheckHours} h`, `again after ${repeatHours} h`, ...where]
    .join(', ')
    .slice(0, 500)
}
