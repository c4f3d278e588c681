import { isLoopback } from '../../runtime/settings'

/**
 * Where to push, as the configuration says it. Credentials never go where HUB_URL could not have sent them: an address
 * that is neither https nor on this machine (a gateway behind a proxy may not know how it is called) keeps only its
 * path, on the host of HUB_URL.
 */
export function syncUrlOf(configuration: { sync: { url: string } }, hubUrl: string): string {
  const url = new URL(configuration.sync.url, hubUrl)
  const isSafe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return (isSafe ? url : new URL(`${url.pathname}${url.search}`, hubUrl)).href.replace(/\/+$/, '')
}
