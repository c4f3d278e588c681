import { Secret } from '../../runtime/settings'

/** Where a CouchDB is and who administers it. The password is apart from the address, so that the address can be logged. */
export interface CouchAddress {
  /** Without credentials and without a slash at the end. */
  readonly url: string
  readonly username: string
  readonly password: Secret
}

/** Takes an address as people write it: `http://admin:password@127.0.0.1:5984`. */
export function couchAddressOf(text: string): CouchAddress {
  const url = new URL(text)
  const address = { username: decodeURIComponent(url.username), password: new Secret(decodeURIComponent(url.password)) }
  url.username = ''
  url.password = ''
  return { ...address, url: url.href.replace(/\/+$/, '') }
}
