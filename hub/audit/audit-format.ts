import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { FHIR_JSON } from '../../protocol/import-bundle'
import type { AuditEntry } from '../../schemas/generated/types'
import { csvOfEntries, csvRow } from './audit-table'

export const NDJSON = 'application/x-ndjson'

/** What the audit is given as, and what it is called in `_format` and `Accept`. */
const FORMATS = {
  json: 'application/json',
  ndjson: NDJSON,
  csv: 'text/csv',
  fhir: FHIR_JSON.split(';')[0] ?? '',
} as const

export type AuditFormat = keyof typeof FORMATS

/** `_format` decides, else `Accept`; whoever names neither gets JSON. */
export function formatOf(request: Request, asked: string | undefined, among: readonly AuditFormat[]): AuditFormat {
  if (asked === undefined) {
    const taken = request.accepts(among.map((format) => FORMATS[format]))
    return among.find((format) => FORMATS[format] === taken) ?? 'json'
  }
  // A plus in a query is a space to most who write it by hand.
  const type = asked.replace(' ', '+')
  const found = among.find((format) => format === type || FORMATS[format] === type)
  if (found) return found
  throw new CodedError('INVALID_REQUEST', `_format must be one of ${among.join(', ')}, or its media type.`)
}

/**
 * Sends entries as they come, no more than a page of them in memory. Where the database fails in the middle the connection is
 * broken off, so that nobody takes a part for the whole. The caller has seen to it that the first one is there.
 */
export async function streamEntries(
  response: Response,
  entries: AsyncIterable<AuditEntry>,
  format: 'ndjson' | 'csv',
): Promise<void> {
  try {
    if (format === 'ndjson') {
      response.setHeader('Content-Type', NDJSON)
      await pipeline(Readable.from(linesOf(entries)), response)
      return
    }
    response.setHeader('Content-Type', 'text/csv; charset=utf-8')
    response.setHeader('Content-Disposition', 'attachment; filename="audit.csv"')
    await pipeline(Readable.from(rowsOf(entries)), csvOfEntries(), response)
  } catch (error) {
    // Whoever asked has gone; that is no fault.
    if ((error as NodeJS.ErrnoException).code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  }
}

/** The same sequence with its first read done, so that an error of it can still be answered. */
export async function begun<T>(items: AsyncGenerator<T>): Promise<AsyncIterable<T>> {
  const first = await items.next()
  return (async function* () {
    if (first.done) return
    yield first.value
    yield* items
  })()
}

async function* linesOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<string> {
  for await (const entry of entries) yield `${JSON.stringify(entry)}\n`
}

async function* rowsOf(entries: AsyncIterable<AuditEntry>): AsyncGenerator<object> {
  for await (const entry of entries) yield csvRow(entry)
}
