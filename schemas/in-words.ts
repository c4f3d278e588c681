import type { ErrorObject } from 'ajv'

/** An ajv error as a person reads it: the place and what is expected there, never what was found. */
export function inWords(error: ErrorObject): string {
  return `${placeOf(error.instancePath)} ${expectationOf(error)}`
}

function expectationOf({ keyword, params, message }: ErrorObject): string {
  switch (keyword) {
    case 'required':
      return `lacks "${params['missingProperty']}"`
    case 'additionalProperties':
      return `must not have ${shownName(String(params['additionalProperty']))}`
    case 'propertyNames':
      return 'has a name that is not taken'
    case 'enum':
      return `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}`
    case 'const':
      return `must be ${JSON.stringify(params['allowedValue'])}`
    case 'type':
      return `must be ${[params['type']].flat().join(' or ')}`
    default:
      return message ?? 'is not valid'
  }
}

/** `/docs/0/_id` becomes `docs[0]._id`. */
function placeOf(pointer: string): string {
  const place = pointer
    .split('/')
    .slice(1)
    .map((token) => token.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((token) => (/^[0-9]{1,6}$/.test(token) ? `[${token}]` : isName(token) ? `.${token}` : '.…'))
    .join('')
  return place === '' ? 'it' : place.replace(/^\./, '')
}

function shownName(name: string): string {
  return isName(name) ? `"${name}"` : 'that name'
}

/** Names that a sender made up can be ids of documents, which are patient data: only what looks like a field is shown. */
export function isName(text: string): boolean {
  return /^[A-Za-z_$][A-Za-z_$-]{0,39}[0-9]{0,2}$/.test(text)
}
