import type { Readable } from 'node:stream'
import { request } from 'undici'
import { PlainError } from '../runtime/plain-error'
import { isLoopback } from '../runtime/settings'
import { isErrorBody } from '../schemas/generated/validators'
import { readLocalToken } from './people/local-token'
import { readDataFolder, readEdgeUrl } from './settings'

/** Asks the running edge; with a body it is a POST. Throws a PlainError with the edge's own reason. */
export async function askEdge<T>(path: string, body?: object): Promise<T> {
  const edgeUrl = readEdgeUrl()
  let status: number
  let answer: unknown
  try {
    const response = await request(`${edgeUrl}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...(await proofFor(edgeUrl)) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    status = response.statusCode
    answer = await response.body.json()
  } catch (error) {
    throw new PlainError(`No edge answers at ${edgeUrl}. Start it, or set EDGE_URL.`, { cause: error })
  }
  if (status < 300) return answer as T
  throw new PlainError(isErrorBody(answer) ? `${answer.reason} (${answer.error})` : `The edge answered ${status}.`)
}

/** What the running edge sends, as it comes. Throws a PlainError. */
export async function fetchFromEdge(path: string): Promise<Readable> {
  const edgeUrl = readEdgeUrl()
  const { statusCode, body } = await request(`${edgeUrl}${path}`, { headers: await proofFor(edgeUrl) })
  if (statusCode < 300) return body
  body.resume()
  throw new PlainError(`The edge answered ${statusCode}.`)
}

/**
 * What shows an edge on this machine that its own user asks; EDGE_DATA says whose. It goes to no other machine, and a person
 * who may not read the file is told by the edge to sign in.
 */
export async function proofFor(edgeUrl: string): Promise<{ authorization?: string }> {
  if (!isLoopback(new URL(edgeUrl).hostname)) return {}
  const token = await readLocalToken(readDataFolder())
  return token === undefined ? {} : { authorization: `Bearer ${token}` }
}
