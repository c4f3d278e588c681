import { isIPv6 } from 'node:net'

/**
 * Who counts as one caller. Whoever has one IPv6 address has as a rule 2^64 of them (RFC 6177), so the first half counts;
 * an IPv4 address may come written as an IPv6 one, and from a proxy with the port, which is another one for each connection.
 */
export function addressKey(from: string | undefined): string {
  if (from === undefined) return 'unknown'
  const address = withoutPort(from)
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1]
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [head = '', tail] = (address.split('%')[0] ?? '').split('::')
  const before = head === '' ? [] : head.split(':')
  const after = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = Array.from({ length: Math.max(0, 8 - before.length - after.length) }, () => '0')
  const groups = tail === undefined ? before : [...before, ...zeros, ...after]
  return groups
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')
}

function withoutPort(address: string): string {
  return (/^([0-9.]+):[0-9]+$/.exec(address) ?? /^\[(.+)\](?::[0-9]+)?$/.exec(address))?.[1] ?? address
}
