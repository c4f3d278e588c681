import { randomBytes } from 'node:crypto'
import { CodedError } from '../../protocol/error-codes'
import type { OperatorDocument } from '../../schemas/generated/types'
import { isOperatorDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, endOf, stored } from '../nodes/database'

export type OperatorRole = OperatorDocument['role']

/** Whose password is HUB_OPERATOR_PASSWORD. It has no document. */
export const FIRST = 'operator'

/** Whoever may sign in. */
export interface Account {
  readonly name: string
  readonly role: OperatorRole
  /** A session is one of the account as it is now where it has the same: another password or role, another stamp. */
  readonly stamp: string
  /** The first account has none. */
  readonly document?: OperatorDocument
}

/** Names of nodes are not among them, so a node's password is never taken for a try. */
export function isOperatorName(text: string): boolean {
  return /^(?!node-)[a-z][a-z0-9._-]{1,31}$/.test(text)
}

/** The accounts, `operator:<name>` in `node_security`. */
export class Accounts {
  constructor(
    private readonly database: Database,
    /** Changes with HUB_OPERATOR_PASSWORD. */
    private readonly firstStamp: string,
  ) {}

  async of(name: string): Promise<Account | undefined> {
    if (name === FIRST) return { name, role: 'operator', stamp: this.firstStamp }
    if (!isOperatorName(name)) return undefined
    const found = await this.database.get(idOf(name))
    return found === undefined ? undefined : accountOf(asOperator(found))
  }

  /** In the order of their names, without the first. */
  async all(): Promise<OperatorDocument[]> {
    return (await this.database.range('operator:', endOf('operator:'))).map(asOperator)
  }

  /** Throws OPERATOR_EXISTS. */
  async create(document: Omit<OperatorDocument, '_id' | '_rev' | 'kind' | 'stamp'>): Promise<OperatorDocument> {
    const made: OperatorDocument = { _id: idOf(document.name), kind: 'operator', stamp: newStamp(), ...document }
    if ((await this.database.put(made)) !== 'written') throw operatorExists()
    return made
  }

  /** Throws OPERATOR_UNKNOWN, and OPERATOR_FIXED for the first. */
  async change(name: string, change: (now: OperatorDocument) => OperatorDocument): Promise<OperatorDocument> {
    refuseFirst(name)
    if (!isOperatorName(name)) throw operatorUnknown()
    return changeDocument<OperatorDocument, OperatorDocument>(this.database, idOf(name), asOperator, (now) => {
      if (now === undefined) throw operatorUnknown()
      return change(now)
    })
  }

  async remove(name: string): Promise<void> {
    for (;;) {
      const { document } = await this.existing(name)
      if (document?._rev === undefined) throw operatorUnknown()
      if ((await this.database.remove(document._id, document._rev)) === 'written') return
    }
  }

  /** As `change` throws. */
  async existing(name: string): Promise<Account> {
    refuseFirst(name)
    const account = await this.of(name)
    if (!account) throw operatorUnknown()
    return account
  }
}

/** 128 random bits. */
export function newStamp(): string {
  return randomBytes(16).toString('base64url')
}

export function operatorExists(): CodedError {
  return new CodedError('OPERATOR_EXISTS', 'An operator has this name already.')
}

export function operatorUnknown(): CodedError {
  return new CodedError('OPERATOR_UNKNOWN', 'No operator has this name.')
}

function refuseFirst(name: string): void {
  if (name !== FIRST) return
  throw new CodedError('OPERATOR_FIXED', `The account ${FIRST} is as HUB_OPERATOR_PASSWORD says.`)
}

function accountOf(document: OperatorDocument): Account {
  const { name, role, stamp } = document
  return { name, role, stamp, document }
}

function idOf(name: string): string {
  return `operator:${name}`
}

function asOperator(document: unknown): OperatorDocument {
  return stored(isOperatorDocument, document, 'operator')
}
