import { networkInterfaces } from 'node:os'

const LOOK_EVERY_MS = 2_000

/**
 * Resolves when this machine's own network changes: a cable that is in again, a radio that has found its network. It
 * sends nothing; a link that is broken further away shows only in the next try.
 */
export function networkChange(signal: AbortSignal): Promise<void> {
  const before = fingerprint()
  return new Promise((resolve) => {
    const timer = setInterval(() => {
      if (fingerprint() !== before) end()
    }, LOOK_EVERY_MS)
    const end = () => {
      clearInterval(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
    signal.addEventListener('abort', end, { once: true })
  })
}

function fingerprint(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? [])
  return addresses.sort().join(' ')
}
