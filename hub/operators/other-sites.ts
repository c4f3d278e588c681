import { CodedError } from '../../protocol/error-codes'

interface FromSomewhere {
  readonly headers: { readonly origin?: string | undefined; readonly host?: string | undefined }
}

/**
 * Throws FORBIDDEN for a page of another site. A browser sends a password or a session along with whatever any page makes
 * it send, and says which page in Origin; programs say nothing.
 */
export function refuseOtherSites({ headers }: FromSomewhere, isSecure: boolean, publicUrl: string | undefined): void {
  const { origin, host } = headers
  if (origin === undefined) return
  const own = [
    ...(host === undefined ? [] : [`https://${host}`]),
    // The plain page of a secure host is anybody's on the way.
    ...(host === undefined || isSecure ? [] : [`http://${host}`]),
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).origin]),
  ]
  if (!own.includes(origin)) throw new CodedError('FORBIDDEN', 'A page of another site may not operate this hub.')
}
