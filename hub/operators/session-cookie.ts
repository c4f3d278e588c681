import { createHmac, randomBytes } from 'node:crypto'

/** RFC 6265bis, section 4.1.3.2: taken only with Secure, from this very host and for all of it. */
const SECURE_NAME = '__Host-lontar-operator'
/** On a machine by itself, without TLS. */
const PLAIN_NAME = 'lontar-operator'
const TOKEN = /^[A-Za-z0-9_-]{43}$/

/** 256 random bits. */
export function newSessionToken(): string {
  return randomBytes(32).toString('base64url')
}

/**
 * What a browser holds; undefined where there is none, or more than one: then somebody else has put one beside ours. Over
 * TLS the plain name counts for nothing, since a page of a neighbouring host could have set it.
 */
export function sessionTokenOf(cookieHeader: string | undefined, isSecure: boolean): string | undefined {
  const name = isSecure ? SECURE_NAME : PLAIN_NAME
  const values = (cookieHeader ?? '').split(';').flatMap((pair) => {
    const [key = '', ...value] = pair.split('=')
    return key.trim() === name ? [value.join('=').trim()] : []
  })
  const [token = ''] = values
  return values.length === 1 && TOKEN.test(token) ? token : undefined
}

/** Lasts as long as the browser, and not longer than the session. */
export function sessionCookie(token: string, isSecure: boolean): string {
  return isSecure ? `${SECURE_NAME}=${token}; ${ATTRIBUTES}; Secure` : `${PLAIN_NAME}=${token}; ${ATTRIBUTES}`
}

export function noSessionCookie(isSecure: boolean): string {
  return `${sessionCookie('', isSecure)}; Max-Age=0`
}

const ATTRIBUTES = 'Path=/; HttpOnly; SameSite=Strict'

/** Follows from the token, which no page can read, so nothing has to be kept; and leads nowhere back. */
export function csrfTokenOf(sessionToken: string): string {
  return createHmac('sha256', sessionToken).update('lontar csrf v1').digest('base64url')
}
