import { validateResource } from '../../schemas/fhir/validate-resource'
import { madeUpRecord } from '../../scripts/made-up/records'

const TODAY = new Date('2026-01-15T00:00:00Z')

describe('made-up records', () => {
  test('the same seed makes the same people', () => {
    expect(madeUpRecord(7, 3, TODAY)).toEqual(madeUpRecord(7, 3, TODAY))
    expect(madeUpRecord(7, 3, TODAY)).not.toEqual(madeUpRecord(8, 3, TODAY))
  })

  test('every resource is FHIR R4, and no two have one id', () => {
    const ids = new Set<string>()
    for (let index = 0; index < 200; index++) {
      for (const { resource } of madeUpRecord(1, index, TODAY).entry ?? []) {
        expect(validateResource(resource)).toMatchObject({ ok: true })
        expect(ids.has(resource?.id ?? '')).toBe(false)
        ids.add(resource?.id ?? '')
      }
    }
    expect(ids.size).toBeGreaterThan(10_000)
  })
})
