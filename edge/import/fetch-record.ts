import type { Readable } from 'node:stream'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { type Dispatcher, request } from 'undici'
import { ERROR_CODES, type ErrorCode } from '../../protocol/error-codes'
import { REASON } from '../../protocol/headers'
import { parseHttpDate } from '../../protocol/http-date'
import { newNonce, signImport } from '../../protocol/import-signature'
import { ERROR_CODE_SYSTEM } from '../../protocol/operation-outcome'
import { reasonToHeader } from '../../protocol/purpose-of-use'
import { retryAfterMsOf } from '../../protocol/retry-after'

/** Who signs, and where to. */
export interface ImportSigner {
  /** Without a slash at its end. */
  hubUrl: string
  hubId: string
  nodeName: string
  nodePassword: string
}

export interface RecordWanted {
  mrn: string
  purpose: string
  reason?: string | undefined
}

/** What came of one request. Nothing is thrown but for a stop. */
export type FetchOutcome =
  | { kind: 'answer'; body: unknown }
  /** The hub says no, in the form of the contract. */
  | { kind: 'refused'; code: ErrorCode; reason: string; hubDateMs?: number; retryAfterMs?: number }
  /** No answer, or one that no hub gives: a captive portal, a proxy in front of a hub that is down. */
  | { kind: 'unreachable'; reason: string; retryAfterMs?: number }

/** Far above any record; what unpacks to more is not kept in the memory of a small computer. */
export const MOST_ANSWER_BYTES = 64 * 1024 * 1024
const MOST_REASON_CHARACTERS = 500

/**
 * Asks the hub for a record, signed anew each time.
 *
 * @param dispatcher carries the limits of time: those for a lack of progress, not for the whole
 * @param now the hub's time, as far as it is known
 */
export async function fetchRecord(
  wanted: RecordWanted,
  signer: ImportSigner,
  how: { dispatcher: Dispatcher; now: Date; signal: AbortSignal },
): Promise<FetchOutcome> {
  const url = new URL(`${signer.hubUrl}/fhir/Patient/${wanted.mrn}/$everything`)
  const signed = await signImport({ method: 'GET', url, purpose: wanted.purpose }, signer, {
    now: how.now,
    nonce: newNonce(),
  })
  const headers = {
    ...signed,
    Accept: 'application/fhir+json',
    'Accept-Encoding': 'br, gzip',
    ...(wanted.reason === undefined ? {} : { [REASON]: reasonToHeader(wanted.reason) }),
  }
  try {
    const response = await request(url, { headers, dispatcher: how.dispatcher, signal: how.signal })
    return outcomeOf(response.statusCode, response.headers, await textOf(response))
  } catch (error) {
    if (how.signal.aborted) throw error
    if (error instanceof TooLarge) return { kind: 'refused', code: 'BODY_TOO_LARGE', reason: error.message }
    return { kind: 'unreachable', reason: 'The hub does not answer.' }
  }
}

function outcomeOf(status: number, headers: Dispatcher.ResponseData['headers'], text: string): FetchOutcome {
  const retryAfterMs = retryAfterMsOf(headers['retry-after'], Date.now())
  const later = retryAfterMs === undefined ? {} : { retryAfterMs }
  const body = parsed(text)
  if (status === 200 && body !== undefined) return { kind: 'answer', body }
  const refusal = refusalIn(body)
  if (!refusal || ERROR_CODES[refusal.code].status !== status) {
    return { kind: 'unreachable', reason: `What answers under the hub's address is not the hub (${status}).`, ...later }
  }
  const hubDateMs = typeof headers['date'] === 'string' ? parseHttpDate(headers['date']) : undefined
  return { kind: 'refused', ...refusal, ...(hubDateMs === undefined ? {} : { hubDateMs }), ...later }
}

/** The code in an OperationOutcome, or in the error body that a fault of the hub is answered with. */
function refusalIn(body: unknown): { code: ErrorCode; reason: string } | undefined {
  const issue = at(at(body, 'issue'), 0)
  const coding = at(at(at(issue, 'details'), 'coding'), 0)
  const isOurs = at(coding, 'system') === ERROR_CODE_SYSTEM
  const code = isOurs ? at(coding, 'code') : at(body, 'error')
  const reason = isOurs ? at(at(issue, 'details'), 'text') : at(body, 'reason')
  if (typeof code !== 'string' || !isErrorCode(code)) return undefined
  return { code, reason: typeof reason === 'string' ? reason.slice(0, MOST_REASON_CHARACTERS) : '' }
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code)
}

function at(value: unknown, key: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[key] : undefined
}

class TooLarge extends Error {
  constructor() {
    super(`The record has more than ${MOST_ANSWER_BYTES / 1024 / 1024} MiB.`)
  }
}

async function textOf(response: Dispatcher.ResponseData): Promise<string> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const part of unpacked(response)) {
    bytes += (part as Buffer).length
    if (bytes > MOST_ANSWER_BYTES) throw new TooLarge()
    parts.push(part as Buffer)
  }
  return Buffer.concat(parts).toString('utf8')
}

function unpacked({ body, headers }: Dispatcher.ResponseData): Readable {
  const unpacker =
    headers['content-encoding'] === 'br'
      ? createBrotliDecompress()
      : headers['content-encoding'] === 'gzip'
        ? createGunzip()
        : undefined
  if (!unpacker) return body
  // pipe() alone would leave the reader waiting for ever when the connection breaks.
  body.once('error', (error) => unpacker.destroy(error))
  unpacker.once('close', () => body.destroy())
  return body.pipe(unpacker)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
