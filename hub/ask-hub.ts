import { request } from 'undici'
import { PlainError } from '../runtime/plain-error'
import { isErrorBody } from '../schemas/generated/validators'
import { readOperatorSettings } from './settings'

/** Longer than the hub itself waits for its database. */
const ANSWER_MS = 60_000

/** Asks the running hub as its operator; with a body it is a POST, or what is said. Throws a PlainError with the hub's own reason. */
export async function askHub<T>(path: string, body?: object, method: 'POST' | 'PUT' = 'POST'): Promise<T> {
  const { hubUrl, operatorPassword } = await readOperatorSettings()
  if (!operatorPassword) {
    throw new PlainError(
      "The operator's password is not known here. Set HUB_OPERATOR_PASSWORD, or HUB_DATA to the folder of the hub.",
    )
  }
  const basic = Buffer.from(`operator:${operatorPassword.reveal()}`).toString('base64')
  let status: number
  let answer: unknown
  try {
    const response = await request(`${hubUrl}${path}`, {
      method: body === undefined ? 'GET' : method,
      headers: { accept: 'application/json', 'content-type': 'application/json', authorization: `Basic ${basic}` },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
    })
    status = response.statusCode
    answer = await response.body.json()
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'its answer is not JSON'
    throw new PlainError(`No hub answers at ${hubUrl} (${code}). Start it, or set HUB_URL.`, { cause: error })
  }
  if (status < 300) return answer as T
  if (status === 401) throw new PlainError(`The hub at ${hubUrl} does not take this operator password.`)
  throw new PlainError(isErrorBody(answer) ? `${answer.reason} (${answer.error})` : `The hub answered ${status}.`)
}
