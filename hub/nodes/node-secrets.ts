import { randomBytes } from 'node:crypto'
import { hashOfSecret, isSameSecret } from '../../runtime/same-secret'
import type { CredentialsDocument } from '../../schemas/generated/types'
import { isCredentialsDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, stored } from './database'
import { RecentlyUsed } from './recently-used'
import type { Sealer, SecretKind } from './seal'

/**
 * The secrets of the nodes in `node_security`: made here, sealed at rest, handed over until their first use. The sync
 * password is then deleted, and its hash remains; the node password stays sealed, for it is the key of signatures.
 */
export class NodeSecrets {
  readonly #database: Database
  readonly #sealer: Sealer
  readonly #used: RecentlyUsed

  constructor(database: Database, sealer: Sealer, nowMs: () => number = () => performance.now()) {
    this.#database = database
    this.#sealer = sealer
    this.#used = new RecentlyUsed(nowMs)
  }

  /** New secrets for the machine of a registration, unless it has them: those of an earlier machine end. */
  async issueFor(nodeName: string, registrationId: string): Promise<void> {
    await this.#change(nodeName, (now) =>
      now?.registrationId === registrationId ? now : { ...this.#renewed(nodeName, now), registrationId },
    )
  }

  async rotate(nodeName: string): Promise<void> {
    await this.#change(nodeName, (now) => this.#renewed(nodeName, now))
  }

  /** A node password, unless there is one. */
  async issueNodePassword(nodeName: string): Promise<void> {
    await this.#change(nodeName, (now) =>
      now?.nodePasswordSealed === undefined
        ? { ...(now ?? credentials(nodeName)), ...this.#newNodePassword(nodeName) }
        : now,
    )
  }

  async dropNodePassword(nodeName: string): Promise<void> {
    await this.#change(nodeName, (now) => {
      if (now?.nodePasswordSealed === undefined) return now
      const { nodePasswordSealed: _sealed, nodePasswordHandedOver: _handedOver, ...rest } = now
      return rest
    })
  }

  /** What an acceptance that is withdrawn had issued. */
  async withdraw(nodeName: string, registrationId: string): Promise<void> {
    const now = await this.#read(nodeName)
    if (now?._rev && now.registrationId === registrationId) await this.#database.remove(nodeName, now._rev)
  }

  /** For the machine of this registration alone; undefined once it was used. */
  async syncPasswordFor(nodeName: string, registrationId: string): Promise<string | undefined> {
    const now = await this.#read(nodeName)
    if (now?.registrationId !== registrationId || now.syncPasswordSealed === undefined) return undefined
    return this.#open(nodeName, 'sync-password', now.syncPasswordSealed)
  }

  /** Until it was used. */
  async nodePasswordToHandOver(nodeName: string): Promise<string | undefined> {
    const now = await this.#read(nodeName)
    if (now?.nodePasswordSealed === undefined || now.nodePasswordHandedOver) return undefined
    return this.#open(nodeName, 'node-password', now.nodePasswordSealed)
  }

  /** The key of a node's signatures; undefined without data access. */
  async nodePassword(nodeName: string): Promise<string | undefined> {
    const sealed = (await this.#read(nodeName))?.nodePasswordSealed
    return sealed === undefined ? undefined : this.#open(nodeName, 'node-password', sealed)
  }

  /** What a sync password is held against; undefined where there is none. */
  async syncPasswordHash(nodeName: string): Promise<string | undefined> {
    return (await this.#read(nodeName))?.syncPasswordHash
  }

  /**
   * To be called for every sync password that was right; nearly always it costs nothing. The first time `confirm` sees to
   * it that CouchDB knows the password too, for after that nobody can tell it.
   */
  async syncPasswordUsed(nodeName: string, password: string, confirm: () => Promise<void>): Promise<void> {
    if (this.#used.has('sync-password', nodeName, password)) return
    await confirm()
    await this.#change(nodeName, (now) => {
      if (now?.syncPasswordSealed === undefined || now.syncPasswordHash !== hashOfSecret(password)) return now
      const { syncPasswordSealed: _used, ...rest } = now
      return rest
    })
    this.#used.add('sync-password', nodeName, password)
  }

  /** To be called for every signature that was valid; nearly always it costs nothing. */
  async nodePasswordUsed(nodeName: string, password: string): Promise<void> {
    if (this.#used.has('node-password', nodeName, password)) return
    await this.#change(nodeName, (now) => {
      if (now?.nodePasswordSealed === undefined || now.nodePasswordHandedOver) return now
      const isThis = isSameSecret(this.#open(nodeName, 'node-password', now.nodePasswordSealed), password)
      return isThis ? { ...now, nodePasswordHandedOver: true } : now
    })
    this.#used.add('node-password', nodeName, password)
  }

  #renewed(nodeName: string, now: CredentialsDocument | undefined): CredentialsDocument {
    const syncPassword = newPassword()
    return {
      ...(now ?? credentials(nodeName)),
      syncPasswordHash: hashOfSecret(syncPassword),
      syncPasswordSealed: this.#sealer.seal(syncPassword, { nodeName, kind: 'sync-password' }),
      ...(now?.nodePasswordSealed !== undefined && this.#newNodePassword(nodeName)),
    }
  }

  #newNodePassword(nodeName: string): { nodePasswordSealed: string; nodePasswordHandedOver: false } {
    const sealed = this.#sealer.seal(newPassword(), { nodeName, kind: 'node-password' })
    return { nodePasswordSealed: sealed, nodePasswordHandedOver: false }
  }

  async #read(nodeName: string): Promise<CredentialsDocument | undefined> {
    const found = await this.#database.get(nodeName)
    return found === undefined ? undefined : asCredentials(found)
  }

  async #change(
    nodeName: string,
    change: (now: CredentialsDocument | undefined) => CredentialsDocument | undefined,
  ): Promise<void> {
    await changeDocument<CredentialsDocument, CredentialsDocument | undefined>(
      this.#database,
      nodeName,
      asCredentials,
      change,
    )
  }

  #open(nodeName: string, kind: SecretKind, sealed: string): string {
    return this.#sealer.open(sealed, { nodeName, kind })
  }
}

function asCredentials(document: unknown): CredentialsDocument {
  return stored(isCredentialsDocument, document, 'credentials')
}

function credentials(nodeName: string): CredentialsDocument {
  return { _id: nodeName, kind: 'credentials' }
}

/** 32 random bytes in base64url; used as the characters stand, also as the key of signatures. */
function newPassword(): string {
  return randomBytes(32).toString('base64url')
}
