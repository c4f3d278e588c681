import type { Request } from 'express'

/**
 * How the caller reached this hub. HUB_PUBLIC_URL says it; else the request does. Its headers can be made up, but the
 * answer goes to nobody except whoever made them up, and is never stored in between (`no-store`).
 */
export function baseUrlOf(request: Pick<Request, 'get' | 'protocol'>, publicUrl: string | undefined): string {
  if (publicUrl !== undefined) return publicUrl
  const forwarded = request.get('x-forwarded-proto')
  const protocol = forwarded === 'https' || forwarded === 'http' ? forwarded : request.protocol
  const host = request.get('host') ?? ''
  return `${protocol}://${/^[A-Za-z0-9.-]+(:[0-9]{1,5})?$|^\[[0-9a-fA-F:]+\](:[0-9]{1,5})?$/.test(host) ? host : 'localhost'}`
}
