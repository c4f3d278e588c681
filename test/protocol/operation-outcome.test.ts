import { CodedError, ERROR_CODES, type ErrorCode } from '../../protocol/error-codes'
import { ERROR_CODE_SYSTEM, operationOutcomeOf } from '../../protocol/operation-outcome'

test.each(Object.keys(ERROR_CODES) as ErrorCode[])(
  '%s is said in details.coding, with a type that FHIR knows',
  (code) => {
    const outcome = operationOutcomeOf(new CodedError(code, 'A sentence.'))
    expect(outcome.issue).toHaveLength(1)
    expect(outcome.issue[0]).toMatchObject({
      severity: 'error',
      code: expect.stringMatching(/^[a-z-]+$/),
      details: { coding: [{ system: ERROR_CODE_SYSTEM, code }], text: 'A sentence.' },
      diagnostics: 'A sentence.',
    })
  },
)

test('each problem of a resource becomes an issue that names its element', () => {
  const outcome = operationOutcomeOf(new CodedError('RESOURCE_INVALID', 'The resource breaks FHIR R4.'), [
    { expression: 'Patient.gender', diagnostics: 'must be one of male, female, other, unknown' },
    { expression: 'Patient.birthDate', diagnostics: 'must be a date' },
  ])
  expect(outcome.issue.map((issue) => issue.expression)).toEqual([['Patient.gender'], ['Patient.birthDate']])
})
