import type { Readable } from 'node:stream'
import { Agent, type Dispatcher, getGlobalDispatcher, request } from 'undici'
import { readCaFile } from '../runtime/ca-file'
import { PlainError } from '../runtime/plain-error'
import type { OperatorSession } from '../schemas/generated/types'
import { isErrorBody } from '../schemas/generated/validators'
import { readOperatorSettings } from './settings'

/** Longer than the hub itself waits for its database. */
const ANSWER_MS = 60_000

/** Asks the running hub as an operator; with a body it is a POST, or what is said. Throws a PlainError with the hub's own reason. */
export async function askHub<T>(path: string, body?: object, method: 'POST' | 'PUT' = 'POST'): Promise<T> {
  const { hubUrl, answer } = await asked(path, body === undefined ? {} : { method, body })
  try {
    return (await answer.body.json()) as T
  } catch (error) {
    throw noAnswer(hubUrl, error)
  }
}

/** Asks the running hub to take something away. The answer is what is left, where there is something. */
export async function askHubToDelete<T>(path: string): Promise<T | undefined> {
  const { hubUrl, answer } = await asked(path, { method: 'DELETE' })
  try {
    const text = await answer.body.text()
    return text === '' ? undefined : (JSON.parse(text) as T)
  } catch (error) {
    throw noAnswer(hubUrl, error)
  }
}

/** What the hub sends, as it comes: for what may be too large to be held. It fails where the hub breaks off in the middle. */
export async function streamFromHub(path: string, accept: string): Promise<Readable> {
  const { answer } = await asked(path, { accept })
  return answer.body
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

async function asked(
  path: string,
  { method = 'GET', body, accept = 'application/json' }: { method?: Method; body?: object; accept?: string },
): Promise<{ hubUrl: string; answer: Dispatcher.ResponseData }> {
  const { hubUrl, operatorName, operatorPassword, operatorCode, caFile } = await readOperatorSettings()
  const dispatcher =
    caFile === undefined
      ? getGlobalDispatcher()
      : new Agent({ connect: { ca: await readCaFile('HUB_CA_FILE', caFile) } })
  if (!operatorPassword) {
    throw new PlainError(
      "The operator's password is not known here. Set HUB_OPERATOR_PASSWORD, or HUB_DATA to the folder of the hub.",
    )
  }
  const send = (request: Sent) => sent(hubUrl, { accept, ...request }, dispatcher)
  const asking = { method, path, ...(body !== undefined && { body }) }
  if (!operatorCode) {
    const basic = Buffer.from(`${operatorName}:${operatorPassword.reveal()}`).toString('base64')
    return { hubUrl, answer: await send({ ...asking, headers: { authorization: `Basic ${basic}` } }) }
  }
  const signIn = { name: operatorName, password: operatorPassword.reveal(), totp: operatorCode.reveal() }
  const session = await send({ method: 'POST', path: '/operator/session', body: signIn })
  const { csrfToken } = (await session.body.json()) as OperatorSession
  const headers = {
    cookie: [session.headers['set-cookie'] ?? ''].flat()[0]?.split(';')[0] ?? '',
    'x-csrf-token': csrfToken ?? '',
  }
  try {
    return { hubUrl, answer: await send({ ...asking, headers }) }
  } finally {
    await send({ method: 'DELETE', path: '/operator/session', headers }).catch(() => undefined)
  }
}

interface Sent {
  method: Method
  path: string
  body?: object
  accept?: string
  headers?: Record<string, string>
}

/** The answer, where it is none of a failure. */
async function sent(
  hubUrl: string,
  { method, path, body, accept = '', headers }: Sent,
  dispatcher: Dispatcher,
): Promise<Dispatcher.ResponseData> {
  let answer: Dispatcher.ResponseData
  let refusal: unknown
  try {
    answer = await request(`${hubUrl}${path}`, {
      method,
      dispatcher,
      headers: { accept, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    })
    if (answer.statusCode < 300) return answer
    refusal = await answer.body.json()
  } catch (error) {
    throw noAnswer(hubUrl, error)
  }
  const told = isErrorBody(refusal) ? refusal : undefined
  if (answer.statusCode === 401 && told?.error !== 'LOCKED') {
    throw new PlainError(`The hub at ${hubUrl} does not take this operator password.`)
  }
  throw new PlainError(told ? `${told.reason} (${told.error})` : `The hub answered ${answer.statusCode}.`)
}

function noAnswer(hubUrl: string, cause: unknown): PlainError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'its answer is not JSON'
  return new PlainError(`No hub answers at ${hubUrl} (${code}). Start it, or set HUB_URL.`, { cause })
}
