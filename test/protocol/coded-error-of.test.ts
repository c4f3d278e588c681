import { once } from 'node:events'
import { createBrotliDecompress, createGunzip } from 'node:zlib'
import { codedErrorOf } from '../../protocol/coded-error-of'
import { CodedError } from '../../protocol/error-codes'

test.each([new Error('a bug'), new TypeError('x is not a function'), 'text', null, undefined, { type: 'other' }])(
  'leaves a bug a bug: %p',
  (error) => {
    expect(codedErrorOf(error)).toBeUndefined()
  },
)

test.each([
  ['entity.parse.failed', 'INVALID_JSON'],
  ['entity.too.large', 'BODY_TOO_LARGE'],
  ['encoding.unsupported', 'UNSUPPORTED_MEDIA_TYPE'],
  ['request.aborted', 'INVALID_REQUEST'],
])("the body parser's %s is %s, without its own words", (type, code) => {
  const error = Object.assign(new Error('Unexpected token 1 in "10100000042"'), { type })
  const coded = codedErrorOf(error)
  expect(coded).toMatchObject({ code, cause: error })
  expect(coded?.message).not.toContain('10100000042')
})

test.each([createGunzip, createBrotliDecompress])(
  'a body that does not unpack is the fault of its sender',
  async (unpack) => {
    const stream = unpack()
    stream.end('neither')
    const error: unknown = await once(stream, 'data').catch((error) => error)
    expect(codedErrorOf(error)).toBeUndefined()
    // As the body parser passes it on.
    expect(codedErrorOf(Object.assign(error as Error, { status: 400 }))).toMatchObject({ code: 'INVALID_REQUEST' })
  },
)

test('a coded error passes as it is', () => {
  const error = new CodedError('REPLAY', 'A sentence.')
  expect(codedErrorOf(error)).toBe(error)
  expect([error.status, error.body]).toEqual([409, { error: 'REPLAY', reason: 'A sentence.' }])
})
