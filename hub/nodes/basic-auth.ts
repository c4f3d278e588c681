export interface BasicCredentials {
  name: string
  password: string
}

/** RFC 7617: the name ends at the first colon. Undefined where the header is missing or of another form. */
export function basicOf(authorization: string | undefined): BasicCredentials | undefined {
  const token = /^Basic +([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '')?.[1]
  if (token === undefined) return undefined
  const text = Buffer.from(token, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon === -1 ? undefined : { name: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** RFC 6750. */
export function bearerOf(authorization: string | undefined): string | undefined {
  return /^Bearer +([A-Za-z0-9._~+/-]{1,200}=*)$/i.exec(authorization ?? '')?.[1]
}
