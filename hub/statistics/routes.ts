import type { Request } from 'express'
import { CodedError } from '../../protocol/error-codes'
import type { Statistics } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import { decide, type WriteDecision } from '../audit/decide'
import { answerStatistics, type StatisticsDeps, statisticsFrom } from './answer-statistics'
import { csvOf } from './csv'
import { inTurns } from './in-turns'
import { readQuestion, STATISTICS_FILTERS } from './question'
import { questionInWords } from './question-in-words'

const CSV = 'text/csv'

/** CouchDB adds up for so many; pushes and imports go on beside them. */
const AT_ONCE = 4
/** What one account asks at once; more is turned away. */
const MOST_OF_ONE = 16

/**
 * What the country's health looks like, in numbers without anybody in them (docs/public-health.md). Each question is in the audit: two
 * that are nearly the same tell of what lies between them, and nothing but that shows who asks so.
 */
export function statisticsRoutes(
  deps: StatisticsDeps & { audit: WriteDecision },
): Handlers<'GET /operator/statistics/:measure'> {
  const from = statisticsFrom(deps)
  const turnOf = inTurns(AT_ONCE, MOST_OF_ONE)
  return {
    'GET /operator/statistics/:measure': async ({ name: operator }, request, response) => {
      const query = queryOf(request, STATISTICS_FILTERS)
      const isCsv = wantsCsv(request, query.format)
      const { measure = '' } = request.params as { measure?: string }
      const question = readQuestion(measure, query, deps.now())
      const statistics: Statistics = await turnOf(operator, () =>
        decide(deps.audit, { kind: 'look', action: 'statistics', operator, reason: questionInWords(question) }, () =>
          answerStatistics(question, from),
        ),
      )
      if (!isCsv) return void response.json(statistics)
      response.setHeader('Content-Type', `${CSV}; charset=utf-8`)
      response.setHeader('Content-Disposition', `attachment; filename="${measure}.csv"`)
      response.send(csvOf(statistics))
    },
  }
}

function wantsCsv(request: Request, format: string | undefined): boolean {
  if (format === undefined) return request.accepts(['application/json', CSV]) === CSV
  if (format === 'csv' || format === 'json') return format === 'csv'
  throw new CodedError('INVALID_REQUEST', 'format must be json or csv.')
}
