/** What the program answered instead of what was asked for, or that it did not answer (`code` is then `UNREACHABLE`). */
export class AskError extends Error {
  constructor(
    readonly code: string,
    readonly reason: string,
    readonly status: number,
    readonly problems: readonly string[] = [],
    /** After so long the same may be tried again (Retry-After). */
    readonly retrySeconds?: number,
  ) {
    super(reason)
    this.name = 'AskError'
  }
}

export interface AskOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
  /** Goes out also when the page is closed meanwhile; 64 KiB at most. */
  readonly keepalive?: boolean
}

/** Longer than any answer takes on a slow PC; the people see that it goes on meanwhile. */
const ANSWER_MS = 30_000

let csrfToken: string | undefined

/** How far the clock of this computer is behind the program's, as its last answer said. */
let behindMs = 0

/** The program's time: what it wrote down is compared with that, and not with a clock that may be wrong. */
export function nowThere(): Date {
  return new Date(Date.now() + behindMs)
}

/** Of the session: sent along with whatever changes something. */
export function setCsrfToken(token: string | undefined): void {
  csrfToken = token
}

let signedOut: () => void = () => undefined

/** Called when the program says that nobody is signed in any more. */
export function whenSignedOut(listener: () => void): void {
  signedOut = listener
}

/** One request of JSON to the program that serves the page. Throws AskError. */
export async function ask<T>(path: string, options: AskOptions = {}): Promise<T> {
  const { response, body } = await exchange(path, options)
  if (!response.ok) throw failed(response, body, options)
  return body as T
}

/** As `ask`, with the version that was read (ETag), to be sent as If-Match when it is written. */
export async function askVersioned<T>(path: string, options: AskOptions = {}): Promise<{ value: T; version: string }> {
  const { response, body } = await exchange(path, options)
  if (!response.ok) throw failed(response, body, options)
  return { value: body as T, version: response.headers.get('etag') ?? '' }
}

async function exchange(path: string, options: AskOptions): Promise<{ response: Response; body: unknown }> {
  const { method = 'GET', body, headers, signal, keepalive = false } = options
  const isFhir = path.startsWith('/fhir')
  const type = isFhir ? 'application/fhir+json' : 'application/json'
  try {
    const response = await fetch(path, {
      method,
      keepalive,
      credentials: 'same-origin',
      headers: {
        accept: type,
        ...(body !== undefined && { 'content-type': type }),
        ...(method !== 'GET' && csrfToken !== undefined && { 'x-csrf-token': csrfToken }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal ? AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) : AbortSignal.timeout(ANSWER_MS),
    })
    noteClock(response.headers.get('date'))
    const text = await response.text()
    return { response, body: text === '' ? undefined : JSON.parse(text) }
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new AskError('UNREACHABLE', '', 0)
  }
}

/** Whole seconds are told: what is less apart is no difference. */
function noteClock(date: string | null): void {
  const there = Date.parse(date ?? '')
  if (Number.isNaN(there)) return
  const differenceMs = there - Date.now()
  behindMs = Math.abs(differenceMs) < 2_000 ? 0 : differenceMs
}

interface Outcome {
  issue?: { diagnostics?: string; details?: { text?: string; coding?: { code?: string }[] } }[]
}

function failed(response: Response, body: unknown, asked: AskOptions): AskError {
  const error = errorOf(response, body)
  // The own password was shown once more, and was wrong: the session goes on.
  if (error.code === 'UNAUTHENTICATED' && isConfirmed(asked)) return new AskError('PASSWORD_WRONG', '', error.status)
  // Where somebody was signed in, no session at all is one that has ended.
  if (error.code === 'SIGNED_OUT' || (error.code === 'UNAUTHENTICATED' && csrfToken !== undefined)) signedOut()
  return error
}

function isConfirmed({ body }: AskOptions): boolean {
  return typeof body === 'object' && body !== null && 'currentPassword' in body
}

/** Under /fhir errors are OperationOutcomes, elsewhere `{ error, reason }`. */
function errorOf({ status, headers }: Response, body: unknown): AskError {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN)
  const { error, reason, issue } = (body ?? {}) as { error?: string; reason?: string } & Outcome
  if (error !== undefined) {
    return new AskError(error, reason ?? '', status, [], Number.isFinite(seconds) ? seconds : undefined)
  }
  const code = issue?.[0]?.details?.coding?.[0]?.code ?? 'INTERNAL'
  const texts = (issue ?? []).map(({ diagnostics, details }) => diagnostics ?? details?.text ?? '')
  return new AskError(code, texts[0] ?? '', status, texts)
}
