import fc from 'fast-check'
import { MAX_COUNTER } from '../../protocol/mrn'

/** A fixed seed wherever there is chance; fast-check prints it, and the path to the failure, when a property breaks. */
fc.configureGlobal({ seed: 20_261_122, numRuns: 500 })

export const externalIds = fc.stringMatching(/^[A-Z0-9]{2,12}$/)
export const digits = (length: number) => fc.stringMatching(new RegExp(`^[0-9]{${length}}$`))
export const counters = fc.integer({ min: 1, max: MAX_COUNTER })
export const mrns = fc
  .tuple(externalIds, fc.oneof(digits(7), digits(8)))
  .map(([externalId, number]) => ({ externalId, mrn: externalId + number }))
export const resourceTypes = fc.constantFrom('Observation', 'Encounter', 'Organization', 'MedicationRequest')
/** The part of an id behind its partition: a ULID, or what imported data brought. */
export const locals = fc.stringMatching(/^[A-Za-z0-9.-]{1,36}$/)
