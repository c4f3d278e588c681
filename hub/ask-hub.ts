import type { Readable } from 'node:stream'
import { type Dispatcher, request } from 'undici'
import { PlainError } from '../runtime/plain-error'
import { isErrorBody } from '../schemas/generated/validators'
import { readOperatorSettings } from './settings'

/** Longer than the hub itself waits for its database. */
const ANSWER_MS = 60_000

/** Asks the running hub as its operator; with a body it is a POST, or what is said. Throws a PlainError with the hub's own reason. */
export async function askHub<T>(path: string, body?: object, method: 'POST' | 'PUT' = 'POST'): Promise<T> {
  const { hubUrl, answer } = await asked(path, body === undefined ? {} : { method, body })
  try {
    return (await answer.body.json()) as T
  } catch (error) {
    throw noAnswer(hubUrl, error)
  }
}

/** What the hub sends, as it comes: for what may be too large to be held. It fails where the hub breaks off in the middle. */
export async function streamFromHub(path: string, accept: string): Promise<Readable> {
  const { answer } = await asked(path, { accept })
  return answer.body
}

async function asked(
  path: string,
  {
    method = 'GET',
    body,
    accept = 'application/json',
  }: { method?: 'GET' | 'POST' | 'PUT'; body?: object; accept?: string },
): Promise<{ hubUrl: string; answer: Dispatcher.ResponseData }> {
  const { hubUrl, operatorPassword } = await readOperatorSettings()
  if (!operatorPassword) {
    throw new PlainError(
      "The operator's password is not known here. Set HUB_OPERATOR_PASSWORD, or HUB_DATA to the folder of the hub.",
    )
  }
  const basic = Buffer.from(`operator:${operatorPassword.reveal()}`).toString('base64')
  let answer: Dispatcher.ResponseData
  let refusal: unknown
  try {
    answer = await request(`${hubUrl}${path}`, {
      method,
      headers: { accept, 'content-type': 'application/json', authorization: `Basic ${basic}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    })
    if (answer.statusCode < 300) return { hubUrl, answer }
    refusal = await answer.body.json()
  } catch (error) {
    throw noAnswer(hubUrl, error)
  }
  if (answer.statusCode === 401) throw new PlainError(`The hub at ${hubUrl} does not take this operator password.`)
  throw new PlainError(
    isErrorBody(refusal) ? `${refusal.reason} (${refusal.error})` : `The hub answered ${answer.statusCode}.`,
  )
}

function noAnswer(hubUrl: string, cause: unknown): PlainError {
  const code = (cause as NodeJS.ErrnoException).code ?? 'its answer is not JSON'
  return new PlainError(`No hub answers at ${hubUrl} (${code}). Start it, or set HUB_URL.`, { cause })
}
