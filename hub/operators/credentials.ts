/** What somebody who wants in has shown. */
export interface Credentials {
  readonly name: string
  readonly password: string
  /** The code of the second factor. */
  readonly totp?: string | undefined
  readonly address: string
  /**
   * With `basic` an account with a second factor is not let in: there is no place for a code. A `confirmation` is of
   * somebody who is signed in, and needs none.
   */
  readonly via: 'basic' | 'session' | 'confirmation'
}
