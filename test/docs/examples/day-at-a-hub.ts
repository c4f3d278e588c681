import { TOTP } from 'otpauth'
import { newNonce, signImport } from '../../../protocol/import-signature'
import type { Exchange } from '../../../scripts/openapi-examples'
import { METRICS_TOKEN } from '../../hub/access/people'
import { askJson, basic } from '../../support/ask'
import type { RunningHub } from '../../support/hub'
import { registerNode } from '../../support/node'
import { firstRevision } from '../../support/records'
import type { Described } from './description'

/** Whose hash is `claimHash` in the examples. */
export const CLAIM = 'YW4gZXhhbXBsZSBjbGFpbSBvZiBLbGluaWsgQWxvci4'
const OTHER = { externalId: '101', name: 'RSUD Saumlaki', mrn: '10100000018' } as const

/** Somebody who is seen often. */
const VISITOR = '10100000034'
const VISITS = ['2026-11-11', ...Array(6).fill('2026-11-18'), ...Array(8).fill('2026-11-25')]

export interface Answered {
  readonly status: number
  readonly type: string
  readonly text: string
  readonly headers: Headers
}

/** What is made while the examples are executed: who has which credentials, and what earlier answers gave. */
export class DayAtAHub {
  readonly #kept = new Map<string, string>()
  readonly #passwords = new Map<string, string>()
  #session: Readonly<Record<string, string>> = {}

  constructor(private readonly hub: RunningHub) {
    this.#passwords.set('operator', hub.operatorPassword)
  }

  /** The facility that has been there for a while, and its patient. */
  async begin(): Promise<void> {
    const { externalId, name, mrn } = OTHER
    const { nodeName, syncPassword } = await registerNode(this.hub, externalId, name)
    this.#passwords.set(nodeName, syncPassword)
    const of = (type: string, resource: object) => ({
      type,
      mrn,
      facility: externalId,
      recordedAt: '2026-11-20T02:14:55.008Z',
      resource: { resourceType: type, ...resource },
    })
    const docs = [
      { _id: `${mrn}:Patient`, ...of('Patient', { id: mrn, name: [{ family: 'Rumahorbo' }], gender: 'female' }) },
      {
        _id: `${mrn}:Observation:o1`,
        ...of('Observation', {
          id: `${mrn}.o1`,
          status: 'final',
          code: { text: 'Blood pressure' },
          subject: { reference: `Patient/${mrn}` },
          valueString: '120/80',
        }),
      },
      ...VISITS.map((day, index) => ({
        ...of('Encounter', {
          id: `${VISITOR}.v${index}`,
          status: 'finished',
          subject: { reference: `Patient/${VISITOR}` },
          period: { start: `${day}T02:14:55.008Z` },
        }),
        _id: `${VISITOR}:Encounter:v${index}`,
        mrn: VISITOR,
      })),
    ]
    const body = { new_edits: false, docs: docs.map((one) => firstRevision(one, 'a'.repeat(32))) }
    const pushed = await askJson(`${this.hub.url}/sync/ehr/_bulk_docs`, basic(nodeName, syncPassword), {
      method: 'POST',
      body,
    })
    expect([pushed.status, pushed.body]).toEqual([201, []])
  }

  /** The request as the description has it, with what is in braces filled in. */
  async ask({ as = 'nobody', asked }: Exchange, described: Described, accept: string | undefined): Promise<Answered> {
    const { method, path, sent, body } = described
    const of = (place: string) => sent.filter((one) => one.in === place)
    const address = of('path').reduce(
      (now, { name, value }) => now.replace(`{${name}}`, encodeURIComponent(this.#filled(value))),
      path,
    )
    const query = new URLSearchParams(
      of('query').map(({ name, value }): [string, string] => [name, this.#filled(value)]),
    )
    const url = new URL(`${address}${query.size > 0 ? `?${query}` : ''}`, this.hub.url)
    const purpose = String(of('header').find(({ name }) => name === 'Purpose-Of-Use')?.value)
    const shown = await this.#showing(as, asked, { method, url, purpose })
    const headers = new Headers(accept === undefined ? {} : { accept })
    for (const [name, value] of Object.entries(shown)) headers.set(name, value)
    const made = {
      date: headers.get('date') ?? new Date().toUTCString(),
      signatureInput: headers.get('signature-input') ?? '',
    }
    for (const { name, value } of of('header')) headers.set(name, this.#filled(value, made))
    const text = body === undefined ? undefined : this.#filled(JSON.stringify(body))
    if (text !== undefined) headers.set('content-type', 'application/json')
    const response = await fetch(url, { method, headers, ...(text !== undefined && { body: text }) })
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';')
    return { status: response.status, type, text: await response.text(), headers: response.headers }
  }

  /** What later requests need of an answer. */
  take({ asked, path, body, keep = {} }: Exchange, { status, text, headers }: Answered): void {
    for (const [name, place] of Object.entries(keep)) {
      const value = place.startsWith('/') ? at(JSON.parse(text), place) : headers.get(place)
      if (typeof value !== 'string') throw new Error(`${asked} gave nothing for {${name}}`)
      this.#kept.set(name, value)
    }
    if (status >= 300) return
    const { name, password } = { ...path, ...(body as object) } as { name?: string; password?: string }
    if ((asked === 'addOperator' || asked === 'changePassword') && name && password) this.#passwords.set(name, password)
    const cookie = headers.get('set-cookie')?.split(';')[0]
    if (asked === 'signIn' && cookie) {
      this.#session = { cookie, 'X-CSRF-Token': (JSON.parse(text) as { csrfToken: string }).csrfToken }
    }
  }

  async #showing(
    as: string,
    asked: string,
    request: { method: string; url: URL; purpose: string },
  ): Promise<Readonly<Record<string, string>>> {
    if (as === 'nobody') return {}
    if (as === 'claim') return { authorization: `Bearer ${CLAIM}` }
    if (as === 'metrics') return { authorization: `Bearer ${METRICS_TOKEN}` }
    if (as === 'session') return this.#session
    if (asked === 'importRecord') {
      const signer = { nodeName: as, nodePassword: this.#kept.get('nodePassword') ?? '' }
      return signImport(request, signer, { now: new Date(), nonce: newNonce() })
    }
    const password = this.#passwords.get(as) ?? this.#kept.get('syncPassword') ?? ''
    return { authorization: basic(as, password) }
  }

  #filled(value: unknown, others: Readonly<Record<string, string>> = {}): string {
    return String(value).replace(/\{(\w+)\}/g, (_whole, name: string) => {
      const found = others[name] ?? this.#kept.get(name) ?? this.#made(name)
      if (found === undefined) throw new Error(`nobody gave {${name}}`)
      return found
    })
  }

  #made(name: string): string | undefined {
    if (name !== 'totpCode') return undefined
    return new TOTP({ secret: this.#kept.get('totpSecret') ?? '', algorithm: 'SHA1', digits: 6, period: 30 }).generate()
  }
}

function at(value: unknown, place: string): unknown {
  return place
    .split('/')
    .slice(1)
    .reduce<unknown>((now, part) => (now as Record<string, unknown> | undefined)?.[part], value)
}
