import express from 'express'
import { readBody } from '../../runtime/read-body'
import { checked } from '../../schemas/check'
import { isBtgReviewRequest } from '../../schemas/generated/validators'
import type { Handlers } from '../access/handlers'
import { queryOf } from '../access/query-of'
import type { AuditDatabase } from '../audit/audit-database'
import type { WriteAudit } from '../audit/audit-log'
import { BTG_FILTERS, listBrokenGlass, reviewBrokenGlass } from './broken-glass'

const parseBody = express.json({ limit: 16 * 1024 })

/** Who broke the glass, and whether he should have. */
export function btgRoutes(deps: {
  database: Pick<AuditDatabase, 'view'>
  /** An entry of the audit by its id. */
  entryOf: (id: string) => Promise<unknown>
  writeAudit: WriteAudit
  now?: () => Date
}): Handlers<'GET /operator/btg' | 'POST /operator/btg/:auditId/review'> {
  const now = deps.now ?? (() => new Date())
  return {
    'GET /operator/btg': async (_operator, request, response) => {
      response.json(await listBrokenGlass(deps.database, queryOf(request, BTG_FILTERS)))
    },
    'POST /operator/btg/:auditId/review': async ({ name }, request, response) => {
      await readBody(parseBody, request, response)
      const { finding } = checked(isBtgReviewRequest, request.body ?? {}, 'the review')
      const { auditId = '' } = request.params as { auditId?: string }
      response.json(await reviewBrokenGlass(auditId, finding, name, { ...deps, now }))
    },
  }
}
