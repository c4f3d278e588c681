import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import { hashedFiles } from './hashed-files'

/**
 * All that a page may load is this program's own; images are also what it draws itself (QR codes). Styles stand in elements
 * because the component library sets sizes there, which can do nothing to data.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join(';')

/**
 * An app in a browser. One page answers all of its addresses, and asks for the rest; it holds no data, so anybody who may
 * reach this program may have it.
 *
 * @param folder where the build has put it
 * @param isPage whether an address is one of the app's own
 */
export function servePages(folder: string, isPage: (path: string) => boolean): RequestHandler {
  const router = Router({ caseSensitive: true })
  router.use('/assets', hashedFiles(join(folder, 'assets')))
  // No route of the interface: what is none of a page's addresses, or no question for one, goes on to those.
  router.use((request, response, next) => {
    const asks = request.method === 'GET' || request.method === 'HEAD'
    if (!asks || !isPage(request.path)) return next()
    return sendPage(request, response, folder)
  })
  return (request, response, next) => router(request, response, next)
}

async function sendPage(request: Request, response: Response, folder: string): Promise<void> {
  const page = await readFile(join(folder, 'index.html'))
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  // By its content: of installed packages all files are of one day.
  response.setHeader('ETag', `"${createHash('sha256').update(page).digest('base64url')}"`)
  response.setHeader('Cache-Control', 'no-cache')
  if (request.fresh) response.status(304).end()
  else response.type('html').send(page)
}
