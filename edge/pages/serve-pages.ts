import { join } from 'node:path'
import express, { type Response, Router } from 'express'
import { isPagePath } from './page-paths'

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

/** A year: their names change with what is in them. */
const ASSETS_MS = 365 * 24 * 3_600_000

/**
 * The app in a browser. One page answers all of its addresses, and asks for the rest; it holds no data, so anybody who may
 * reach this program may have it.
 *
 * @param folder where the build has put it
 */
export function servePages(folder: string): Router {
  const router = Router({ caseSensitive: true })
  const assets = { immutable: true, maxAge: ASSETS_MS, index: false, redirect: false, fallthrough: false }
  router.use('/assets', express.static(join(folder, 'assets'), assets))
  // No route of the interface: what is none of a page's addresses, or no question for one, goes on to those.
  router.use((request, response, next) => {
    const asks = request.method === 'GET' || request.method === 'HEAD'
    if (!asks || !isPagePath(request.path)) return next()
    sendPage(response, folder)
  })
  return router
}

/** What shows no data: the page that answers all addresses of the app, and what it loads. */
export function isPageOrAsset(path: string): boolean {
  return isPagePath(path) || path.startsWith('/assets/')
}

function sendPage(response: Response, folder: string): void {
  response.setHeader('Content-Security-Policy', CONTENT_SECURITY_POLICY)
  response.setHeader('Cache-Control', 'no-cache')
  response.sendFile('index.html', { root: folder, cacheControl: false })
}
