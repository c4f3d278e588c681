import type { Request, Response } from 'express'
import { FHIR_JSON } from '../../protocol/import-bundle'
import { baseUrlOf } from '../../runtime/base-url'
import type { AuditEntry, AuditHead } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import type { AuditDatabase } from './audit-database'
import { auditBundle } from './audit-event'
import { begun, formatOf, streamEntries } from './audit-format'
import { auditHeads } from './heads'
import { AUDIT_FILTERS, type AuditQuery, auditEntries, listAudit } from './list-audit'
import { type ChainQuery, chainsInOrder, listChains } from './list-chains'

type AuditRouteName = 'GET /operator/audit' | 'GET /operator/audit/heads' | 'GET /operator/audit/chains'

const PAGE = ['limit', 'cursor', '_format'] as const

/** The audit for whoever reads it, takes it elsewhere or verifies it (docs/audit.md). */
export function auditRoutes({
  database,
  head,
  hubId,
  publicUrl,
  now = () => new Date(),
}: {
  database: AuditDatabase
  /** The end of this process's own chain. */
  head: () => AuditHead | undefined
  hubId: string
  publicUrl?: string | undefined
  now?: () => Date
}): Handlers<AuditRouteName> {
  return {
    'GET /operator/audit': async (_operator, request, response) => {
      const { _format, ...query } = queryOf(request, [...AUDIT_FILTERS, 'order', ...PAGE])
      const format = formatOf(request, _format, ['json', 'ndjson', 'csv', 'fhir'])
      if (format === 'ndjson' || format === 'csv') {
        return stream(response, request, format, query, {
          all: (of: AuditQuery) => auditEntries(database, of),
          page: (of: AuditQuery) => listAudit(database, of),
        })
      }
      const page = await listAudit(database, query)
      if (format === 'json') return void response.json(page)
      const base = baseUrlOf(request, publicUrl)
      response.setHeader('Content-Type', FHIR_JSON)
      response.send(JSON.stringify(auditBundle(page, { self: `${base}${request.originalUrl}`, base, hubId })))
    },
    'GET /operator/audit/heads': async (_operator, request, response) => {
      queryOf(request, [])
      response.json(await auditHeads(database, head(), now()))
    },
    'GET /operator/audit/chains': async (_operator, request, response) => {
      const { _format, ...query } = queryOf(request, ['chain', ...PAGE])
      if (formatOf(request, _format, ['json', 'ndjson']) === 'json') {
        return void response.json(await listChains(database, query))
      }
      await stream(response, request, 'ndjson', query, {
        all: (of: ChainQuery) => chainsInOrder(database, of),
        page: (of: ChainQuery) => listChains(database, of),
      })
    },
  }
}

/** The whole range, or with `limit` one page and where the next is (RFC 8288). */
async function stream<Q extends { limit?: string | undefined; cursor?: string | undefined }>(
  response: Response,
  request: Request,
  format: 'ndjson' | 'csv',
  query: Q,
  read: {
    all: (query: Q) => AsyncGenerator<AuditEntry>
    page: (query: Q) => Promise<{ entries: readonly AuditEntry[]; next?: string }>
  },
): Promise<void> {
  if (query.limit === undefined) return streamEntries(response, await begun(read.all(query)), format)
  const { entries, next } = await read.page(query)
  if (next !== undefined) {
    const [path = '', search = ''] = request.originalUrl.split('?')
    const parameters = new URLSearchParams(search)
    parameters.set('cursor', next)
    response.setHeader('Link', `<${path}?${parameters}>; rel="next"`)
  }
  await streamEntries(response, each(entries), format)
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items
}
