import type { Request } from 'express'

/**
 * How the caller reached this program. A setting says it; else the request does. Its headers can be made up, so what is
 * made of it goes to nobody except whoever asked, and is never stored in between (`no-store`).
 */
export function baseUrlOf(request: Pick<Request, 'host' | 'protocol'>, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl
  const { protocol, host = '' } = request
  return `${protocol}://${/^[A-Za-z0-9.-]+(:[0-9]{1,5})?$|^\[[0-9a-fA-F:]+\](:[0-9]{1,5})?$/.test(host) ? host : 'localhost'}`
}
