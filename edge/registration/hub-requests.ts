import type { RequestInit, Response } from 'undici'
import { hashOfClaim } from '../../protocol/claim'
import { ERROR_CODES, type ErrorCode } from '../../protocol/error-codes'
import { REPORT } from '../../protocol/headers'
import { nodeNameOf } from '../../protocol/node-name'
import { retryAfterMsOf } from '../../protocol/retry-after'
import { checked, type Validator } from '../../schemas/check'
import type { KeptRegistration, NodeCredentials } from '../../schemas/generated/types'
import {
  isDataAccessAnswer,
  isErrorBody,
  isNodeConfiguration,
  isRegistrationAnswer,
  isRegistrationReceipt,
} from '../../schemas/generated/validators'
import type { KnownConfiguration, Step, StepEvent } from './registration-state'

/** undici's `fetch`, or what a test puts in its place. */
export type Request = (url: string, init: RequestInit) => Promise<Response>

export interface Facility {
  name: string
  group?: string
}

/** An answer that is slower than this is given up; the step is repeated. */
const ANSWER_MS = 30_000
/** Answers of the hub have a few hundred bytes; whatever sends more is not the hub. */
const MAX_ANSWER_BYTES = 256 * 1024

/** Does one step. Never throws: whatever happened is an event. */
export async function doStep(
  step: Step,
  kept: KeptRegistration,
  at: {
    hubUrl: string
    facility: Facility
    request: Request
    mrnCounter: () => Promise<number>
    /** For the configuration. */
    credentials: NodeCredentials | undefined
    signal: AbortSignal
    /** Why the facility wants to import. */
    accessReason?: string | undefined
    known?: KnownConfiguration | undefined
    /** How the edge fares, as its header says it; undefined where that is not known. */
    report?: () => Promise<string | undefined>
    /** Told of the Date of each answer that is the hub's own, and when it was asked for and there, by this clock. */
    heardClock?: (date: string | null, askedMs: number, answeredMs: number) => void
  },
): Promise<StepEvent> {
  const init = {
    // A captive portal redirects to its own page; the hub never redirects.
    redirect: 'manual' as const,
    signal: AbortSignal.any([at.signal, AbortSignal.timeout(ANSWER_MS)]),
  }
  const ask = (path: string, more: RequestInit) => at.request(`${at.hubUrl}${path}`, { ...init, ...more })
  const json = { 'Content-Type': 'application/json' }
  try {
    switch (step) {
      case 'register': {
        const body = { externalId: kept.externalId, ...at.facility, claimHash: hashOfClaim(kept.claim) }
        const response = await ask('/registrations', { method: 'POST', headers: json, body: JSON.stringify(body) })
        if (response.status !== 200 && response.status !== 201) return await failureOf(response)
        return { kind: 'receipt', receipt: await read(response, isRegistrationReceipt) }
      }
      case 'ask': {
        const authorization = `Bearer ${kept.claim}`
        const response = await ask(`/registrations/${kept.registrationId}`, { headers: { authorization } })
        if (response.status !== 200) return await failureOf(response, { kind: 'unknown' })
        const answer = await read(response, isRegistrationAnswer)
        const isOurs =
          answer.id === kept.registrationId &&
          (answer.credentials === undefined || answer.credentials.nodeName === nodeNameOf(kept.externalId))
        return isOurs ? { kind: 'answer', answer } : failed('The hub answered for another facility.')
      }
      case 'configure': {
        const { known } = at
        const report = await at.report?.()
        const askedMs = Date.now()
        const response = await ask(`/node/configuration?mrnCounter=${await at.mrnCounter()}`, {
          headers: {
            authorization: basic(at.credentials),
            ...(known && { 'if-none-match': known.tag }),
            ...(report !== undefined && { [REPORT]: report }),
          },
        })
        const tag = response.headers.get('etag') ?? undefined
        // RFC 9110, section 15.4.5: a 304 carries the tag. One that does not comes from something in between.
        const hear = () => at.heardClock?.(response.headers.get('date'), askedMs, Date.now())
        if (response.status === 304 && known?.tag === tag && known) {
          hear()
          return { kind: 'configuration', ...known }
        }
        if (response.status !== 200) return await failureOf(response, { kind: 'credentials-refused' })
        hear()
        const configuration = await read(response, isNodeConfiguration)
        return { kind: 'configuration', configuration, ...(tag !== undefined && { tag }) }
      }
      case 'request-data-access': {
        const headers = { ...json, authorization: basic(kept.credentials) }
        const body = JSON.stringify(at.accessReason === undefined ? {} : { reason: at.accessReason })
        const response = await ask('/node/data-access', { method: 'POST', headers, body })
        if (response.status !== 202) return await failureOf(response, { kind: 'credentials-refused' })
        return { kind: 'data-access', answer: await read(response, isDataAccessAnswer) }
      }
    }
  } catch (error) {
    return failed(`No answer of the hub that can be used: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/**
 * Only an error body of the contract is an answer of the hub: a captive portal's 401 or 403 must not cost a
 * registration.
 */
async function failureOf(response: Response, unauthenticated?: StepEvent): Promise<StepEvent> {
  const retryAfterMs = retryAfterMsOf(response.headers.get('retry-after'), Date.now())
  const later = (reason: string): StepEvent => ({
    kind: 'failed',
    reason,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
  const text = await textOf(response)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    return later(`What answers under the hub's address is not the hub (status ${response.status}).`)
  }
  if (!isErrorBody(body) || !isErrorCode(body.error) || ERROR_CODES[body.error].status !== response.status) {
    return later(`What answers under the hub's address is not the hub (status ${response.status}).`)
  }
  if (body.error === 'UNAUTHENTICATED' && unauthenticated) return unauthenticated
  if (body.error === 'NODE_SUSPENDED') return { kind: 'suspended', reason: body.reason }
  if (ERROR_CODES[body.error].retry) return later(body.reason)
  return { kind: 'refused', code: body.error, reason: body.reason }
}

function failed(reason: string): StepEvent {
  return { kind: 'failed', reason }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code)
}

function basic(credentials: NodeCredentials | undefined): string {
  return `Basic ${Buffer.from(`${credentials?.nodeName}:${credentials?.syncPassword}`).toString('base64')}`
}

async function read<T>(response: Response, validator: Validator<T>): Promise<T> {
  const text = await textOf(response)
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    // JSON.parse quotes what it was given, and an answer of the hub holds credentials.
    throw new Error('it is not JSON')
  }
  return checked(validator, body, "the hub's answer")
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length
    if (bytes > MAX_ANSWER_BYTES) throw new Error('the answer is too long to be the hub’s')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
