/** Addresses below /console that are the console's: what comes behind the first part is its business. It names them in console-app.tsx. */
export const PAGE_PATHS = [
  '/',
  '/today',
  '/registrations',
  '/facilities',
  '/refused',
  '/alerts',
  '/health',
  '/records',
  '/audit',
  '/operators',
  '/account',
  '/settings',
  '/sign-in',
] as const

export function isPagePath(path: string): boolean {
  return PAGE_PATHS.some((page) => path === page || (page !== '/' && path.startsWith(`${page}/`)))
}
