import { randomBytes } from 'node:crypto'
import { CodedError } from '../../protocol/error-codes'
import { weaknessOf } from '../../protocol/password-rules'
import type { PasswordHasher } from '../../runtime/password-hasher'
import type { KeptPerson, PersonChange, PersonRequest } from '../../schemas/generated/types'
import { ON_DISK, type StatePart } from '../store/state'

/** At one facility. */
export const MOST_PEOPLE = 500
/** NIST SP 800-63B; wrong tries are few, and shared PCs have no second factor to carry. */
export const LEAST_CHARACTERS = 10

export interface PeopleParts {
  readonly part: StatePart<KeptPerson>
  readonly hasher: PasswordHasher
  readonly now: () => Date
}

/**
 * The accounts of a facility. None is ever removed, for records name who wrote them; a name is given once. There are few, so
 * all are in memory, and a change is on the disk before it counts.
 */
export class People {
  readonly #people = new Map<string, KeptPerson>()
  #queue: Promise<unknown> = Promise.resolve()

  private constructor(private readonly parts: PeopleParts) {}

  static async open(parts: PeopleParts): Promise<People> {
    const people = new People(parts)
    for await (const [name, person] of parts.part.iterator()) people.#people.set(name, person)
    return people
  }

  /** From the first account on nobody is let in without one. */
  get isOpen(): boolean {
    return this.#people.size === 0
  }

  of(name: string): KeptPerson | undefined {
    return this.#people.get(name)
  }

  /** By name. */
  all(): KeptPerson[] {
    return [...this.#people.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  /** Throws PASSWORD_WEAK, PERSON_EXISTS, TOO_MANY_PEOPLE, and LAST_ADMIN where the first one would be no admin. */
  async add({ name, fullName, role, password }: PersonRequest): Promise<KeptPerson> {
    refuseWeak(password, name)
    const hash = await this.parts.hasher.hash(password)
    return this.#alone(async () => {
      if (this.#people.has(name)) throw new CodedError('PERSON_EXISTS', 'Somebody here has this name already.')
      if (this.#people.size >= MOST_PEOPLE) throw new CodedError('TOO_MANY_PEOPLE', 'There are too many accounts.')
      if (this.isOpen && role !== 'admin') throw new CodedError('LAST_ADMIN', 'The first account must be an admin.')
      const createdAt = this.parts.now().toISOString()
      const person = { name, fullName: fullName.trim(), role, stamp: newStamp(), password: hash, isDisabled: false }
      return this.#keep({ ...person, createdAt })
    })
  }

  /** What is changed about a person ends that person's sessions. Throws PERSON_UNKNOWN, LAST_ADMIN, PASSWORD_WEAK. */
  async change(name: string, { role, password, isDisabled }: PersonChange): Promise<KeptPerson> {
    if (password !== undefined) refuseWeak(password, name)
    const hash = password === undefined ? undefined : await this.parts.hasher.hash(password)
    return this.#alone(async () => {
      const before = this.#known(name)
      const after: KeptPerson = {
        ...before,
        role: role ?? before.role,
        isDisabled: isDisabled ?? before.isDisabled,
        password: hash ?? before.password,
        stamp: newStamp(),
      }
      if (isWorkingAdmin(before) && !isWorkingAdmin(after) && this.all().filter(isWorkingAdmin).length === 1)
        throw new CodedError('LAST_ADMIN', 'This is the only admin; make another one first.')
      return this.#keep(after)
    })
  }

  /** What says nothing of what a person may do: when somebody was here, and who that is in the records. */
  note(name: string, note: Pick<KeptPerson, 'lastSignInAt' | 'practitioner'>): Promise<KeptPerson> {
    return this.#alone(async () => this.#keep({ ...this.#known(name), ...note }))
  }

  #known(name: string): KeptPerson {
    const person = this.#people.get(name)
    if (!person) throw new CodedError('PERSON_UNKNOWN', 'Nobody here has this name.')
    return person
  }

  async #keep(person: KeptPerson): Promise<KeptPerson> {
    await this.parts.part.put(person.name, person, ON_DISK)
    this.#people.set(person.name, person)
    return person
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#queue.then(work)
    this.#queue = done.catch(() => undefined)
    return done
  }
}

function isWorkingAdmin({ role, isDisabled }: KeptPerson): boolean {
  return role === 'admin' && !isDisabled
}

function refuseWeak(password: string, name: string): void {
  const weakness = weaknessOf(password, name, LEAST_CHARACTERS)
  if (weakness !== undefined) throw new CodedError('PASSWORD_WEAK', weakness)
}

function newStamp(): string {
  return randomBytes(16).toString('base64url')
}
