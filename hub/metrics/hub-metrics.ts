import { Counter, collectDefaultMetrics, Registry } from 'prom-client'
import { ERROR_CODES, type ErrorCode } from '../../protocol/error-codes'
import type { NodeSummary } from '../../schemas/generated/types'
import { FacilityGauges } from './facility-gauges'

const ALL_CODES = Object.keys(ERROR_CODES) as ErrorCode[]

/**
 * What happens at this gateway, for Prometheus. Each gateway counts for itself, from its start. Labels come from the sets
 * written here; no id, name or address is ever one (law 10).
 */
export class HubMetrics {
  readonly #registry = new Registry()
  readonly #pushes = this.#counter('lontar_pushes_total', 'Pushes (_bulk_docs) that the database has answered for')
  readonly #documents = this.#counter('lontar_documents_total', 'Documents in these pushes', {
    outcome: ['accepted', 'refused'],
  })
  readonly #imports = this.#counter('lontar_imports_total', 'Imports that were asked for, by their answer', {
    code: ['OK', ...ALL_CODES],
  })
  readonly #registrations = this.#counter('lontar_registrations_total', 'Registrations of facilities', {
    outcome: ['requested', 'accepted', 'rejected'],
  })
  readonly #reports = this.#counter('lontar_reports_total', 'Reports of edges, by what came of them', {
    outcome: ['kept', 'malformed', 'failed'],
  })
  readonly #signIns = this.#counter('lontar_sign_ins_total', 'Sign-ins of operators', {
    outcome: ['allowed', 'refused'],
  })
  readonly #rateLimited = this.#counter('lontar_rate_limited_total', 'Requests that came too fast, by the limit', {
    limit: ['address', 'node', 'registrations', 'failures'],
  })
  readonly #alerts = this.#counter('lontar_alert_messages_total', 'Messages about alerts, by what came of them', {
    channel: ['webhook', 'email'],
    outcome: ['sent', 'failed'],
  })
  readonly #refusals = this.#counter(
    'lontar_refusals_total',
    'Requests of all kinds that were answered with an error',
    {
      code: ALL_CODES,
    },
  )

  #facilities: FacilityGauges | undefined

  constructor() {
    collectDefaultMetrics({ register: this.#registry })
  }

  /** From now on the page has the gauges of each facility, too. */
  showFacilities(list: () => Promise<readonly NodeSummary[]>): void {
    this.#facilities ??= new FacilityGauges(this.#registry, list)
  }

  /** After the database has answered: what it took of one push, and what it or the gate refused. */
  pushed(documents: { accepted: number; refused: number }): void {
    this.#pushes.inc()
    this.#documents.inc({ outcome: 'accepted' }, documents.accepted)
    this.#documents.inc({ outcome: 'refused' }, documents.refused)
  }

  imported(code: ErrorCode | 'OK'): void {
    this.#imports.inc({ code })
  }

  registration(outcome: 'requested' | 'accepted' | 'rejected'): void {
    this.#registrations.inc({ outcome })
  }

  reported(outcome: 'kept' | 'malformed' | 'failed'): void {
    this.#reports.inc({ outcome })
  }

  signIn(outcome: 'allowed' | 'refused'): void {
    this.#signIns.inc({ outcome })
  }

  rateLimited(limit: 'address' | 'node' | 'imports' | 'registrations' | 'failures'): void {
    this.#rateLimited.inc({ limit })
  }

  /** One try to tell of alerts. */
  alertsTold(channel: 'webhook' | 'email', outcome: 'sent' | 'failed'): void {
    this.#alerts.inc({ channel, outcome })
  }

  refused(code: ErrorCode): void {
    this.#refusals.inc({ code })
  }

  /** In the text format that Prometheus reads. */
  async page(): Promise<{ contentType: string; text: string }> {
    await this.#facilities?.refresh()
    return { contentType: this.#registry.contentType, text: await this.#registry.metrics() }
  }

  /** Every value of a label is there from the start, as 0: an alarm can tell "never" from "not measured". */
  #counter<L extends string>(name: string, help: string, labels?: Record<L, readonly string[]>): Counter<L> {
    const names = Object.keys(labels ?? {}) as L[]
    const counter = new Counter<L>({ name, help, labelNames: names, registers: [this.#registry] })
    let all: Record<string, string>[] = [{}]
    for (const label of names) {
      all = all.flatMap((one) => (labels?.[label] ?? []).map((value) => ({ ...one, [label]: value })))
    }
    if (names.length > 0) for (const one of all) counter.inc(one as Record<L, string>, 0)
    return counter
  }
}
