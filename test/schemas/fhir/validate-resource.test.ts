import { type Validation, validateResource } from '../../../schemas/fhir/validate-resource'
import { fixtures } from '../fixtures'

describe('validateResource', () => {
  test.each(fixtures<{ expression: string; resource: unknown }>('invalid/fhir'))(
    'refuses: %s',
    (_name, { expression, resource }) => {
      expect(expressionsOf(validateResource(resource))).toEqual([expression])
    },
  )

  test.each(fixtures<unknown>('valid/fhir'))('takes: %s', (_name, resource) => {
    expect(validateResource(resource)).toEqual({ ok: true, resource })
  })

  test('names every element that is wrong', () => {
    const patient = { resourceType: 'Patient', gender: 'banana', birthDate: '1980-13-45', name: [{ given: ['a', 1] }] }
    expect(expressionsOf(validateResource(patient)).sort()).toEqual([
      'Patient.birthDate',
      'Patient.gender',
      'Patient.name[0].given[1]',
    ])
  })

  test.each(fixtures<{ resource: unknown }>('invalid/fhir'))('law 10: shows no value: %s', (_name, { resource }) => {
    const marked = JSON.parse(JSON.stringify(resource), (key, value) =>
      typeof value === 'string' && key !== 'resourceType' && key !== 'system' ? `3175 ${value}` : value,
    )
    expect(JSON.stringify(issuesOf(validateResource(marked)))).not.toContain('3175')
  })

  test('says what is expected', () => {
    expect(issuesOf(validateResource({ resourceType: 'Patient', gender: 'banana' }))).toEqual([
      { expression: 'Patient.gender', diagnostics: 'must be one of male, female, other, unknown' },
    ])
  })

  test('refuses what nests deeper than the stack, and lives', () => {
    let extension: unknown = { url: 'http://example.org', valueBoolean: true }
    for (let level = 0; level < 50_000; level++) extension = { url: 'http://example.org', extension: [extension] }
    const issues = issuesOf(validateResource({ resourceType: 'Patient', extension: [extension] }))
    expect(issues).toEqual([{ expression: 'Patient', diagnostics: 'must not be nested so deeply' }])
  })

  test('is not held up by a body full of mistakes', () => {
    const startedAt = performance.now()
    const issues = issuesOf(validateResource({ resourceType: 'Patient', name: Array(80_000).fill({ first: 1 }) }))
    expect(issues).toHaveLength(20)
    // Sixteen seconds, if every mistake is listed.
    expect(performance.now() - startedAt).toBeLessThan(4000)
  })
})

describe('a date', () => {
  const years = [1, 4, 100, 400, 1899, 1900, 1980, 2000, 2023, 2024, 2100, 9999]

  test.each(years)('is one of the calendar, in the year %d', (year) => {
    const wrong: string[] = []
    for (let month = 0; month <= 13; month++) {
      for (let day = 0; day <= 32; day++) {
        const date = [String(year).padStart(4, '0'), ...[month, day].map((part) => String(part).padStart(2, '0'))].join(
          '-',
        )
        if (validateResource({ resourceType: 'Patient', birthDate: date }).ok !== exists(date)) wrong.push(date)
      }
    }
    expect(wrong).toEqual([])
  })

  function exists(date: string): boolean {
    const time = Date.parse(`${date}T00:00:00Z`)
    return !Number.isNaN(time) && new Date(time).toISOString().startsWith(date)
  }
})

function issuesOf(validation: Validation) {
  return validation.ok ? [] : validation.issues
}

function expressionsOf(validation: Validation): string[] {
  return issuesOf(validation).map(({ expression }) => expression)
}
