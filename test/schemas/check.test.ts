import { checked, SchemaError, type Validator } from '../../schemas/check'
import {
  isBulkDocsRequest,
  isRecordDocument,
  isRegistrationRequest,
  isRevsDiffRequest,
} from '../../schemas/generated/validators'

describe('checked', () => {
  test('lists each failing place in words for a person', () => {
    expect(errorOf(isRegistrationRequest, { externalId: 7, nam: 'x' }).message).toBe(
      'the request is not valid: it lacks "name"; it lacks "claimHash"; it must not have "nam"; externalId must be string',
    )
  })

  test.each<[string, Validator<unknown>, unknown]>([
    ['a value', isRegistrationRequest, { externalId: 'Siti-3175', name: 1, claimHash: 'Siti-3175' }],
    ['the value of an unknown field', isRegistrationRequest, { extra: 'Siti-3175' }],
    ['an unknown name that can be an id', isRegistrationRequest, { 'Siti-3175': 1 }],
    ['an id that is a name', isRevsDiffRequest, { 'Siti-3175:Patient': [1] }],
    ['an id that is too long', isRevsDiffRequest, { ['Siti-3175'.repeat(40)]: [] }],
    ['a value inside a resource', isRecordDocument, { resource: { resourceType: 'Siti-3175', id: 'Siti-3175 ' } }],
  ])('law 10: never shows %s', (_what, validator, value) => {
    const error = errorOf(validator, value)
    expect(`${error.message} ${JSON.stringify(error)}`).not.toContain('3175')
  })

  test('lists ten places, and how many more there are', () => {
    const { problems } = errorOf(isBulkDocsRequest, { docs: Array(14).fill({}) })
    expect(problems).toHaveLength(11)
    expect(problems.at(-1)).toBe('and 4 more')
  })

  test('keeps a bounded list of the mistakes of a body full of them', () => {
    const { problems } = errorOf(isBulkDocsRequest, { docs: Array(500_000).fill(1) })
    expect(problems.at(-1)).toMatch(/^and [0-9]{1,2} more$/)
    expect(isBulkDocsRequest.errors?.length).toBeLessThan(100)
  })
})

function errorOf<T>(validator: Validator<T>, value: unknown): SchemaError {
  try {
    checked(validator, value, 'the request')
  } catch (error) {
    if (error instanceof SchemaError) return error
  }
  throw new Error('it passed')
}
