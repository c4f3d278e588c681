import { Agent, buildConnector, fetch } from 'undici'
import type { Stoppable } from '../../runtime/service'
import type { Request } from './hub-requests'

/** Longer than the longest wait between two questions; the hub keeps an idle connection a little longer still. */
const KEEP_ALIVE_MS = 6.5 * 60_000

/**
 * One connection to the hub, kept between the questions of an accepted edge: opening one anew every few minutes, with TLS,
 * would cost several times what the questions do. Without TCP's own probes, which cost as much as an answer; where the network has
 * forgotten the connection, the next question finds out and is asked again.
 *
 * @param connector  makes the connection, and may count it
 */
export function openHubLine(connector: typeof buildConnector = buildConnector): Stoppable & { request: Request } {
  const connect = connector({ keepAlive: false })
  const agent = new Agent({ connections: 1, keepAliveTimeout: KEEP_ALIVE_MS, connect })
  return {
    request: (url, init) => fetch(url, { ...init, dispatcher: agent }),
    stop: () => agent.destroy(),
  }
}
