import type { Request } from 'express'
import { CodedError } from '../../protocol/error-codes'
import type { Statistics } from '../../schemas/generated/types'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import { answerStatistics, type StatisticsDeps, statisticsFrom } from './answer-statistics'
import { csvOf } from './csv'
import { readQuestion, STATISTICS_FILTERS } from './question'

const CSV = 'text/csv'

/** What the country's health looks like, in numbers without anybody in them (docs/public-health.md). */
export function statisticsRoutes(deps: StatisticsDeps): Handlers<'GET /operator/statistics/:measure'> {
  const from = statisticsFrom(deps)
  return {
    'GET /operator/statistics/:measure': async (_operator, request, response) => {
      const query = queryOf(request, STATISTICS_FILTERS)
      const isCsv = wantsCsv(request, query.format)
      const { measure = '' } = request.params as { measure?: string }
      const question = readQuestion(measure, query, deps.now())
      const statistics: Statistics = await answerStatistics(question, from)
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
