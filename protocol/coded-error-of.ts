import { SchemaError } from '../schemas/check'
import { CodedError } from './error-codes'

/**
 * The error of the contract for whatever a handler threw; undefined for a bug, which is answered as INTERNAL.
 *
 * Besides our own it knows the errors of Express' body parser by their `type`
 * (https://github.com/expressjs/body-parser#errors), and those of runtime/bodies, which has the same words and some more.
 */
export function codedErrorOf(error: unknown): CodedError | undefined {
  if (error instanceof CodedError) return error
  if (error instanceof SchemaError)
    return new CodedError('INVALID_REQUEST', asSentence(error.message), { cause: error })
  const type = typeof error === 'object' && error !== null && 'type' in error ? error.type : undefined
  switch (type) {
    case 'entity.parse.failed':
      return new CodedError('INVALID_JSON', 'The body is not JSON.', { cause: error })
    case 'entity.too.large':
      return new CodedError('BODY_TOO_LARGE', 'The body is larger than this address takes.', { cause: error })
    case 'entity.too.deep':
      return new CodedError('BODY_TOO_DEEP', 'The body is nested deeper than records are.', { cause: error })
    case 'room.full':
      return new CodedError('OVERLOADED', 'Too many large bodies are under way; try again.')
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new CodedError('UNSUPPORTED_MEDIA_TYPE', 'This content encoding or character set is not taken here.', {
        cause: error,
      })
    case 'request.aborted':
    case 'request.size.invalid':
    case 'entity.verify.failed':
      return new CodedError('INVALID_REQUEST', 'The body did not arrive whole.', { cause: error })
    default:
      // What zlib says of a body that does not unpack passes through the body parser without a type.
      if (isUnpackingFailure(error))
        return new CodedError('INVALID_REQUEST', 'The body is not in its content encoding, or not whole.', {
          cause: error,
        })
      // The router throws this for `%` sequences in a path that are not UTF-8.
      return error instanceof URIError ? new CodedError('INVALID_REQUEST', 'The address is not valid.') : undefined
  }
}

function isUnpackingFailure(error: unknown): boolean {
  if (typeof error !== 'object' || error === null || !('status' in error) || !('code' in error)) return false
  return error.status === 400 && /^(Z_|ERR__ERROR_|ERR_PADDING|ERR_BROTLI)/.test(String(error.code))
}

function asSentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`
}
