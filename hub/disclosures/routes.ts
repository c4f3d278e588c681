import type { UntakenAnswers } from '../../runtime/untaken-answers'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import type { AuditDatabase } from '../audit/audit-database'
import { DISCLOSURE_FILTERS, listDisclosures } from './list-disclosures'

/** `GET /node/disclosures`: the facility that a record belongs to sees who read it. */
export function disclosureRoutes(deps: {
  database: Pick<AuditDatabase, 'view'>
  /** What a facility is called; undefined for one that is no longer known. */
  nameOf: (nodeName: string) => Promise<string | undefined>
  answers: Pick<UntakenAnswers, 'hold'>
}): Handlers<'GET /node/disclosures'> {
  return {
    'GET /node/disclosures': async ({ node }, request, response) => {
      response.setHeader('Cache-Control', 'no-store')
      const list = await listDisclosures(node.externalId, queryOf(request, DISCLOSURE_FILTERS), deps)
      const text = JSON.stringify(list)
      deps.answers.hold(text, node.nodeName, response)
      response.type('application/json').send(text)
    },
  }
}
