const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/

/** Whether an address may answer whoever looks at a page of this host: one of the machine itself does so only there. */
export function isReachedFrom(url: string, pageHost: string): boolean {
  return !LOOPBACK.test(new URL(url).hostname) || LOOPBACK.test(pageHost)
}
