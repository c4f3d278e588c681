export * from '../../runtime/tries'

/** So many wrong ones wait for nothing. NIST SP 800-63B, 3.2.2, allows an account 100 in a row. */
export const FREE_TRIES = {
  /** A name from an address from which it never signed in. */
  strange: 5,
  /** … from which it has. */
  known: 10,
  /** All names from one address from which none of them signed in. */
  address: 100,
  /** A name from all addresses from which it never signed in. */
  name: 50,
  /** The first account from one address: it is held up by nobody at another, and its password is a long one. */
  first: 100,
} as const
