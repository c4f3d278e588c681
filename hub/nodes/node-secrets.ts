import { randomBytes } from 'node:crypto'
import { hashOfSecret, isSameSecret } from '../../runtime/same-secret'
import type { CredentialsDocument } from '../../schemas/generated/types'
import { isCredentialsDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, stored } from './database'
import { isOver, standing, withNextNodePassword, withNextSyncPassword, withoutNext } from './overlap'
import { RecentlyUsed } from './recently-used'
import type { Sealer, SecretKind } from './seal'

/**
 * The secrets of the nodes in `node_security`: made here, sealed at rest, handed over until their first use. The sync
 * password is then deleted, and its hash remains; the node password stays sealed, for it is the key of signatures.
 */
export class NodeSecrets {
  readonly #database: Database
  readonly #sealer: Sealer
  readonly #now: () => Date
  readonly #used: RecentlyUsed

  constructor(
    database: Database,
    sealer: Sealer,
    now: () => Date = () => new Date(),
    nowMs: () => number = () => performance.now(),
  ) {
    this.#database = database
    this.#sealer = sealer
    this.#now = now
    this.#used = new RecentlyUsed(nowMs)
  }

  /** New secrets for the machine of a registration, unless it has them: those of an earlier machine end. */
  async issueFor(nodeName: string, registrationId: string): Promise<void> {
    await this.#change(nodeName, (now) =>
      now?.registrationId === registrationId ? now : { ...this.#renewed(nodeName, now), registrationId },
    )
  }

  /** New secrets; the old ones end now. */
  async rotate(nodeName: string): Promise<void> {
    await this.#change(nodeName, (now) => this.#renewed(nodeName, now))
  }

  /** New secrets beside the old ones. An end that was set before is not put off: rotating again keeps nothing old alive. */
  async rotateWithOverlap(nodeName: string, endsAt: Date): Promise<void> {
    await this.#change(nodeName, (now) => {
      const next = newPassword()
      const setBefore = now?.overlapEndsAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(now.overlapEndsAt)
      return {
        ...(now ?? credentials(nodeName)),
        nextSyncPasswordHash: hashOfSecret(next),
        nextSyncPasswordSealed: this.#sealer.seal(next, { nodeName, kind: 'sync-password' }),
        ...(now?.nodePasswordSealed !== undefined && { nextNodePasswordSealed: this.#newNodePassword(nodeName) }),
        overlapEndsAt: new Date(Math.min(setBefore, endsAt.getTime())).toISOString(),
      }
    })
  }

  /** Writes down that an overlap is over; false where it is not. */
  async endOverlap(nodeName: string): Promise<boolean> {
    const now = await this.#read(nodeName)
    if (now === undefined || !isOver(now, this.#now())) return false
    await this.#change(nodeName, (current) => current)
    return true
  }

  /** A node password, unless there is one. */
  async issueNodePassword(nodeName: string): Promise<void> {
    await this.#change(nodeName, (now) =>
      now?.nodePasswordSealed === undefined
        ? { ...(now ?? credentials(nodeName)), ...this.#firstNodePassword(nodeName) }
        : now,
    )
  }

  async dropNodePassword(nodeName: string): Promise<void> {
    await this.#change(nodeName, (now) => {
      if (now?.nodePasswordSealed === undefined) return now
      const { nodePasswordSealed: _old, nodePasswordHandedOver: _handedOver, ...rest } = withNextNodePassword(now)
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
    const now = await this.#standing(nodeName)
    if (now?.registrationId !== registrationId) return undefined
    const sealed = now.nextSyncPasswordSealed ?? now.syncPasswordSealed
    return sealed === undefined ? undefined : this.#open(nodeName, 'sync-password', sealed)
  }

  /** The new one of an overlap, for whoever came with the old one; undefined once it was used. */
  async nextSyncPassword(nodeName: string): Promise<string | undefined> {
    const sealed = (await this.#standing(nodeName))?.nextSyncPasswordSealed
    return sealed === undefined ? undefined : this.#open(nodeName, 'sync-password', sealed)
  }

  /** The newest, until it was used. */
  async nodePasswordToHandOver(nodeName: string): Promise<string | undefined> {
    const now = await this.#standing(nodeName)
    const sealed = now?.nextNodePasswordSealed ?? (now?.nodePasswordHandedOver ? undefined : now?.nodePasswordSealed)
    return sealed === undefined ? undefined : this.#open(nodeName, 'node-password', sealed)
  }

  /** The keys of a node's signatures; none without data access, two in an overlap. */
  async nodePasswords(nodeName: string): Promise<readonly string[]> {
    const now = await this.#standing(nodeName)
    return [now?.nodePasswordSealed, now?.nextNodePasswordSealed].flatMap((sealed) =>
      sealed === undefined ? [] : [this.#open(nodeName, 'node-password', sealed)],
    )
  }

  /** What a sync password is held against; none where there is none, two in an overlap. */
  async syncPasswordHashes(nodeName: string): Promise<readonly string[]> {
    const now = await this.#standing(nodeName)
    return [now?.syncPasswordHash, now?.nextSyncPasswordHash].flatMap((hash) => hash ?? [])
  }

  /**
   * To be called for every sync password that was right a moment ago; nearly always it costs nothing. The first time a new one
   * takes the place of the old one, and `confirm` sees to it that CouchDB knows it too, for after that nobody can tell it.
   *
   * @param confirm  told whether CouchDB can not know it yet
   * @returns false where it is no longer right: then CouchDB is not asked about it
   */
  async syncPasswordUsed(
    nodeName: string,
    password: string,
    confirm: (isNew: boolean) => Promise<void>,
  ): Promise<boolean> {
    if (this.#used.has('sync-password', nodeName, password)) return true
    const hash = hashOfSecret(password)
    const found: { is: 'new' | 'known' | 'wrong' } = { is: 'wrong' }
    await this.#change(nodeName, (now) => {
      const isNew = now?.nextSyncPasswordHash === hash
      found.is = isNew ? 'new' : now?.syncPasswordHash === hash ? 'known' : 'wrong'
      return now && isNew ? withNextSyncPassword(now) : now
    })
    if (found.is === 'wrong') return false
    await confirm(found.is === 'new')
    await this.#change(nodeName, (now) => {
      if (now?.syncPasswordSealed === undefined || now.syncPasswordHash !== hash) return now
      const { syncPasswordSealed: _used, ...rest } = now
      return rest
    })
    this.#used.add('sync-password', nodeName, password)
    return true
  }

  /** To be called for every signature that was valid; nearly always it costs nothing. A new one takes the place of the old one. */
  async nodePasswordUsed(nodeName: string, password: string): Promise<void> {
    if (this.#used.has('node-password', nodeName, password)) return
    const isThis = (sealed: string | undefined) =>
      sealed !== undefined && isSameSecret(this.#open(nodeName, 'node-password', sealed), password)
    await this.#change(nodeName, (now) => {
      if (now === undefined) return now
      if (isThis(now.nextNodePasswordSealed)) return { ...withNextNodePassword(now), nodePasswordHandedOver: true }
      return !now.nodePasswordHandedOver && isThis(now.nodePasswordSealed)
        ? { ...now, nodePasswordHandedOver: true }
        : now
    })
    this.#used.add('node-password', nodeName, password)
  }

  #renewed(nodeName: string, now: CredentialsDocument | undefined): CredentialsDocument {
    const syncPassword = newPassword()
    return {
      ...withoutNext(now ?? credentials(nodeName)),
      syncPasswordHash: hashOfSecret(syncPassword),
      syncPasswordSealed: this.#sealer.seal(syncPassword, { nodeName, kind: 'sync-password' }),
      ...(now?.nodePasswordSealed !== undefined && this.#firstNodePassword(nodeName)),
    }
  }

  #firstNodePassword(nodeName: string): { nodePasswordSealed: string; nodePasswordHandedOver: false } {
    return { nodePasswordSealed: this.#newNodePassword(nodeName), nodePasswordHandedOver: false }
  }

  #newNodePassword(nodeName: string): string {
    return this.#sealer.seal(newPassword(), { nodeName, kind: 'node-password' })
  }

  async #read(nodeName: string): Promise<CredentialsDocument | undefined> {
    const found = await this.#database.get(nodeName)
    return found === undefined ? undefined : asCredentials(found)
  }

  async #standing(nodeName: string): Promise<CredentialsDocument | undefined> {
    const now = await this.#read(nodeName)
    return now && standing(now, this.#now())
  }

  /** What is over is written down along with any change. */
  async #change(
    nodeName: string,
    change: (now: CredentialsDocument | undefined) => CredentialsDocument | undefined,
  ): Promise<void> {
    await changeDocument<CredentialsDocument, CredentialsDocument | undefined>(
      this.#database,
      nodeName,
      asCredentials,
      (now) => change(now && standing(now, this.#now())),
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
