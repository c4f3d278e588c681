import type { EhrStore } from '../store/ehr'
import type { ChangeFeed } from './change-stream'

/** The changes of the facility's own database. */
export function feedOfStore({ database }: EhrStore): ChangeFeed {
  return {
    newest: async () => (await database.info()).update_seq,
    after: async (since, limit) => {
      const { results, last_seq: newest } = await database.changes({ since, limit })
      return { rows: results, newest }
    },
  }
}
