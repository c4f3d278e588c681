import { createHmac, randomBytes } from 'node:crypto'

const TOKEN = /^[A-Za-z0-9_-]{43}$/
const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict'

/** 256 random bits. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/** Follows from the token, which no page can read, so nothing has to be kept; and leads nowhere back. */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('lontar csrf v1').digest('base64url')
}

/**
 * The cookies of one program. Over TLS the name begins with `__Host-`: taken only with Secure, from this very host and for
 * all of it (RFC 6265bis, section 4.1.3.2); the plain name then counts for nothing, since a page of a neighbouring host could
 * have set it.
 */
export function sessionCookies(plainName: string) {
  const secureName = `__Host-${plainName}`

  /** Lasts as long as the browser, and not longer than the session. */
  const set = (token: string, isSecure: boolean): string =>
    isSecure ? `${secureName}=${token}; ${ATTRIBUTES}; Secure` : `${plainName}=${token}; ${ATTRIBUTES}`

  return {
    set,
    clear: (isSecure: boolean): string => `${set('', isSecure)}; Max-Age=0`,
    /** What a browser holds; undefined where there is none, or more than one: then somebody else has put one beside ours. */
    tokenOf(cookieHeader: string | undefined, isSecure: boolean): string | undefined {
      const name = isSecure ? secureName : plainName
      const values = (cookieHeader ?? '').split(';').flatMap((pair) => {
        const [key = '', ...value] = pair.split('=')
        return key.trim() === name ? [value.join('=').trim()] : []
      })
      const [token = ''] = values
      return values.length === 1 && TOKEN.test(token) ? token : undefined
    },
  }
}
