import { checked, SchemaError, type Validator } from '../../schemas/check'
import * as generated from '../../schemas/generated/validators'
import { fixtures } from './fixtures'

const validators: Readonly<Record<string, Validator<unknown>>> = { ...generated }

describe('documents and messages', () => {
  test.each(fixtures<{ schema: string; problem: string; value: unknown }>('invalid/contract'))(
    'refuse: %s',
    (_name, { schema, problem, value }) => {
      expect(problemsOf(schema, value)).toEqual([problem])
    },
  )

  test.each(fixtures<{ schema: string; value: unknown }>('valid/contract'))('take: %s', (_name, { schema, value }) => {
    expect(problemsOf(schema, value)).toEqual([])
  })

  test('have a valid fixture each', () => {
    const shown = new Set(fixtures<{ schema: string }>('valid/contract').map(([, { schema }]) => `is${schema}`))
    expect(Object.keys(validators).filter((name) => name.startsWith('is') && !shown.has(name))).toEqual([])
  })
})

function problemsOf(schema: string, value: unknown): readonly string[] {
  const validator = validators[`is${schema}`]
  if (!validator) throw new Error(`no schema has the title ${schema}`)
  try {
    expect(checked(validator, value, 'it')).toBe(value)
    return []
  } catch (error) {
    if (error instanceof SchemaError) return error.problems
    throw error
  }
}
