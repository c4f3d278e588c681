import { tokenCriterion } from '../../../edge/store/patient-criteria'
import type { PatientEntry } from '../../../edge/store/patient-search'
import { EdgeState } from '../../../edge/store/state'
import { searchByUpdate, type UpdatedOrder, updatedKey } from '../../../edge/store/updated-walk'
import { newFolder, remove } from './opened'

const PATIENTS = 1_000
const folder = newFolder()
let state: EdgeState
let keys: string[]
const rare = (index: number) => index % 50 === 0

beforeAll(async () => {
  state = await EdgeState.open(folder)
  const parts = partsOf(state)
  keys = []
  for (let index = 0; index < PATIENTS; index++) {
    const mrn = `101${String(index).padStart(8, '0')}`
    // The order of changes is not that of the MRNs, and several were written in one moment.
    const updated = updatedKey(mrn, new Date(1_700_000_000_000 + ((index * 7) % 500) * 1_000).toISOString())
    const terms = ['male', ...(rare(index) ? ['other'] : [])].flatMap((value) =>
      tokenCriterion('gender', [{ value, system: undefined }]).ranges.map(({ from }) => from),
    )
    keys.push(updated)
    await parts.entries.put(mrn, { terms, updated })
    await parts.updated.put(updated, 0)
    for (const term of terms) await parts.terms.put(`${term}\u0000${mrn}`, 0)
  }
})
afterAll(async () => {
  await state.stop()
  remove(folder)
})

function partsOf(state: EdgeState) {
  return {
    entries: state.part<PatientEntry>('patients'),
    terms: state.part<0>('patient-terms'),
    updated: state.part<0>('patients-updated'),
  }
}

const gender = (value: string) => tokenCriterion('gender', [{ value, system: undefined }])

test.each([
  ['nothing is asked', [], () => true],
  ['many fit', [gender('male')], () => true],
  ['few fit', [gender('other')], rare],
  ['few of many fit', [gender('male'), gender('other')], rare],
  ['nobody fits', [gender('unknown')], () => false],
])('each once and in order, page by page, where %s', async (_what, criteria, fits) => {
  for (const order of ['_lastUpdated', '-_lastUpdated'] satisfies UpdatedOrder[]) {
    const expected = keys.filter((_key, index) => fits(index)).sort()
    if (order === '-_lastUpdated') expected.reverse()
    const found: string[] = []
    for (let after: string | undefined, isFirst = true; isFirst || after !== undefined; isFirst = false) {
      const page = await searchByUpdate(partsOf(state), criteria, {
        order,
        limit: 30,
        ...(after !== undefined && { after }),
      })
      found.push(...page.mrns)
      after = page.next
    }
    expect(found).toEqual(expected.map((key) => key.slice(key.indexOf('.') + 1)))
  }
})
