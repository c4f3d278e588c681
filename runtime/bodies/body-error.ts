/**
 * What is wrong with a body, by the words of Express' body parser where it has one
 * (https://github.com/expressjs/body-parser#errors), so that one translator knows both.
 */
export type BodyErrorType =
  | 'entity.too.large'
  | 'entity.parse.failed'
  | 'entity.too.deep'
  | 'encoding.unsupported'
  | 'entity.verify.failed'
  | 'request.aborted'
  | 'room.full'

export class BodyError extends Error {
  constructor(
    readonly type: BodyErrorType,
    options?: ErrorOptions,
  ) {
    super(type, options)
  }
}
