import { sessionCookies } from '../../runtime/session-cookie'

export { csrfTokenOf, newSessionToken } from '../../runtime/session-cookie'

/** A session of an operator. */
export const { tokenOf: sessionTokenOf, set: sessionCookie, clear: noSessionCookie } = sessionCookies('lontar-operator')
