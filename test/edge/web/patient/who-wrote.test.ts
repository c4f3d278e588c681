import type { Observation, Provenance } from 'fhir/r4'
import { whoWrote } from '../../../../edge/web/patient/who-wrote'

const WEIGHT: Observation = {
  resourceType: 'Observation',
  id: '10100000018.a',
  status: 'final',
  code: { text: 'Berat badan' },
  performer: [{ display: 'Budi Santoso' }],
}
const provenance = (recorded: string, display: string, reference = 'Observation/10100000018.a'): Provenance => ({
  resourceType: 'Provenance',
  target: [{ reference }, { reference: 'Patient/10100000018' }],
  recorded,
  agent: [{ who: { display } }],
})
const CHANGES = [
  provenance('2026-11-02T08:00:00.000Z', 'Rina Wulandari'),
  provenance('2026-11-04T08:00:00.000Z', 'Siti Rahayu'),
  provenance('2026-11-03T08:00:00.000Z', 'somebody at another thing', 'Observation/10100000018.b'),
]

test.each<[string, string, string | undefined, boolean, string | undefined]>([
  ['the first version', '2026-11-01T08:00:00.020Z', undefined, true, 'Budi Santoso'],
  ['the second', '2026-11-02T08:00:00.020Z', '2026-11-01T08:00:00.020Z', false, 'Rina Wulandari'],
  ['one of another system between two', '2026-11-03T08:00:00.020Z', '2026-11-02T08:00:00.020Z', false, undefined],
  ['the last', '2026-11-04T08:00:00.020Z', '2026-11-03T08:00:00.020Z', false, 'Siti Rahayu'],
])('%s is told by who wrote it', (_which, at, beforeAt, isFirst, who) => {
  expect(whoWrote({ resource: WEIGHT, at, beforeAt, isFirst }, CHANGES)).toBe(who)
})

test('a copy that begins with a correction is told by who corrected it, and one that does not by who wrote it', () => {
  const copied = (at: string) => whoWrote({ resource: WEIGHT, at, beforeAt: undefined, isFirst: true }, CHANGES)
  expect(copied('2026-11-02T08:00:00.020Z')).toBe('Rina Wulandari')
  expect(copied('2026-11-01T08:00:00.020Z')).toBe('Budi Santoso')
})

test('the first version of what was put under an id of its own is told by its Provenance', () => {
  const { performer: _, ...put } = WEIGHT
  const version = { resource: put, at: '2026-11-02T08:00:00.020Z', beforeAt: undefined, isFirst: true }
  expect(whoWrote(version, CHANGES)).toBe('Rina Wulandari')
})
