import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { Turns } from './turns'

/** OWASP's Password Storage Cheat Sheet for scrypt, of its equal choices the one that takes 32 MiB for each password. */
export const PARAMETERS = { cost: 2 ** 15, blockSize: 8, parallelization: 3 } as const

/** So much memory and processor guessing takes at most: 64 MiB, and two of the four threads that also read files. */
export const AT_ONCE = 2
/** More than that is refused until it is less. */
export const MOST_WAITING = 30

/** Whose password it is nobody knows before it is hashed: all wait as one. */
const IN_ORDER = ''

const SALT_BYTES = 16
const HASH_BYTES = 32

/** How a password is kept; the parameters are those that it was hashed with. Both texts are base64url. */
export interface PasswordHash {
  algorithm: 'scrypt'
  cost: number
  blockSize: number
  parallelization: number
  salt: string
  hash: string
}

type Parameters = Pick<PasswordHash, 'cost' | 'blockSize' | 'parallelization'>

/** Passwords of people, who choose them: a hash that is slow on purpose, a few at a time. */
export class PasswordHasher {
  readonly #turns = new Turns(AT_ONCE)

  /** @param busy  what is thrown where too many wait already */
  constructor(
    private readonly busy: () => Error,
    private readonly parameters: Parameters = PARAMETERS,
  ) {}

  async hash(password: string): Promise<PasswordHash> {
    const salt = randomBytes(SALT_BYTES)
    const hash = await this.#derive(password, salt, this.parameters)
    const { cost, blockSize, parallelization } = this.parameters
    const texts = { salt: salt.toString('base64url'), hash: hash.toString('base64url') }
    return { algorithm: 'scrypt', cost, blockSize, parallelization, ...texts }
  }

  /** Without a hash, because nobody has the name, it is wrong and takes as long. */
  async isRight(password: string, known: PasswordHash | undefined): Promise<boolean> {
    const salt = known ? Buffer.from(known.salt, 'base64url') : randomBytes(SALT_BYTES)
    const hash = await this.#derive(password, salt, known ?? this.parameters)
    return known !== undefined && timingSafeEqual(hash, Buffer.from(known.hash, 'base64url'))
  }

  /** Made when the parameters were others: to be made anew while the password is at hand. */
  isOutdated({ cost, blockSize, parallelization }: PasswordHash): boolean {
    const now = this.parameters
    return cost !== now.cost || blockSize !== now.blockSize || parallelization !== now.parallelization
  }

  async #derive(password: string, salt: Buffer, parameters: Parameters): Promise<Buffer> {
    if (this.#turns.waiting >= MOST_WAITING) throw this.busy()
    return this.#turns.take(IN_ORDER, () => derive(password, salt, parameters))
  }
}

function derive(password: string, salt: Buffer, { cost, blockSize, parallelization }: Parameters): Promise<Buffer> {
  // One letter can be typed in several ways: composed or not, wide or narrow (NIST SP 800-63B, 3.1.1.2).
  const text = password.normalize('NFKC')
  const options = { cost, blockSize, parallelization, maxmem: 2 * 128 * cost * blockSize }
  return new Promise((done, failed) =>
    scrypt(text, salt, HASH_BYTES, options, (error, hash) => (error ? failed(error) : done(hash))),
  )
}
