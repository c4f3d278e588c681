/** Addresses that are the app's: whatever comes behind the first part is its business. The app itself names them in clinic-app.tsx. */
export const PAGE_PATHS = ['/', '/patients', '/visits', '/bring', '/sync', '/settings', '/start', '/sign-in'] as const

export function isPagePath(path: string): boolean {
  return PAGE_PATHS.some((page) => path === page || (page !== '/' && path.startsWith(`${page}/`)))
}

/** What shows no data: the page that answers all addresses of the app, and what it loads. */
export function isPageOrAsset(path: string): boolean {
  return isPagePath(path) || path.startsWith('/assets/')
}
