import { networkInterfaces } from 'node:os'
import type { RequestHandler } from 'express'
import { CodedError } from '../protocol/error-codes'
import { isLoopback } from '../runtime/settings'

/** Listens at every address of the machine. */
const ANY = new Set(['0.0.0.0', '::'])

/**
 * Answers only under names that are this edge's. A web page that somebody reads on the same network is, to the operating
 * system, a program of his computer: a name that a foreign site points here (DNS rebinding) shows in Host, a page of another
 * site in Origin. As long as the edge listens on a loopback address, those are the names of this machine alone; else they are
 * EDGE_HOST, the machine's own addresses where that means all of them, and EDGE_NAMES.
 */
export function knownHostsOnly(host: string, names: readonly string[]): RequestHandler {
  const known = new Set([host, ...names].map((name) => bare(name.toLowerCase())))
  const isKnown = (hostname: string) => {
    const name = bare(hostname)
    return isLoopback(hostname) || (name !== '' && known.has(name)) || (ANY.has(host) && ownAddresses().has(name))
  }
  return (request, _response, next) => {
    const { host: asked = '', origin } = request.headers
    const hostname = hostnameOf(`http://${asked}`)
    // A page of this very edge, or one that a developer serves on the same machine.
    const isOwnPage =
      origin === undefined ||
      (isLoopback(hostname) && isLoopback(hostnameOf(origin))) ||
      origin === `${request.secure ? 'https' : 'http'}://${asked}`
    if (isKnown(hostname) && isOwnPage) return next()
    next(
      new CodedError(
        'FORBIDDEN',
        isLoopback(host)
          ? 'The edge answers programs of its own machine alone.'
          : 'The edge is not known by this name, or a page of another site asks; EDGE_NAMES lists its names.',
      ),
    )
  }
}

/** Asked anew each time: cables are plugged in, and addresses change. */
function ownAddresses(): Set<string> {
  return new Set(Object.values(networkInterfaces()).flatMap((all) => (all ?? []).map(({ address }) => address)))
}

function hostnameOf(origin: string): string {
  return URL.canParse(origin) ? new URL(origin).hostname.toLowerCase() : ''
}

function bare(name: string): string {
  return name.replace(/^\[|\]$/g, '')
}
