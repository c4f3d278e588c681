import Ajv2020 from 'ajv/dist/2020'

type Json = Readonly<Record<string, unknown>>

/**
 * OpenAPI 3.1.1, chapter 4: the fields of each object that is in use here, those that must be there with `!`, and what they
 * hold: another object (`Operation`), a map of them (`{Response}`), a list (`[Parameter]`), or anything.
 */
const OBJECTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  OpenApi: {
    'openapi!': '',
    'info!': 'Info',
    servers: '[Server]',
    'paths!': '{PathItem}',
    components: 'Components',
    security: '',
    tags: '[Tag]',
  },
  Info: { 'title!': '', 'version!': '', summary: '', description: '', license: 'License' },
  License: { 'name!': '', identifier: '', url: '' },
  Server: { 'url!': '', description: '' },
  Tag: { 'name!': '', description: '' },
  PathItem: {
    summary: '',
    description: '',
    parameters: '[Parameter]',
    get: 'Operation',
    put: 'Operation',
    post: 'Operation',
    delete: 'Operation',
  },
  Operation: {
    'operationId!': '',
    'summary!': '',
    'tags!': '',
    'responses!': '{Response}',
    description: '',
    parameters: '[Parameter]',
    requestBody: 'RequestBody',
    security: '',
  },
  Parameter: {
    'name!': '',
    'in!': '',
    'schema!': 'Schema',
    description: '',
    required: '',
    example: '',
    examples: '{Example}',
  },
  RequestBody: { 'content!': '{MediaType}', description: '', required: '' },
  Response: { 'description!': '', headers: '{Header}', content: '{MediaType}' },
  Header: { 'schema!': 'Schema', description: '', required: '' },
  MediaType: { 'schema!': 'Schema', example: '', examples: '{Example}' },
  Example: { 'value!': '', summary: '', description: '' },
  Components: {
    schemas: '{Schema}',
    responses: '{Response}',
    parameters: '{Parameter}',
    requestBodies: '{RequestBody}',
    securitySchemes: '{SecurityScheme}',
  },
  SecurityScheme: { 'type!': '', scheme: '', in: '', name: '', description: '' },
}

/** What is wrong with a document by the rules of OpenAPI 3.1; a reference may lead nowhere but into the document itself. */
export function problemsOf(document: Json): string[] {
  const problems = [...ofObject('OpenApi', document, ''), ...ofReferences(document, document)]
  if (!/^3\.1\.\d+$/.test(String(document['openapi']))) problems.push('/openapi is not 3.1')
  return [...problems, ...ofOperations(document)]
}

function ofObject(kind: string, value: unknown, at: string): string[] {
  if (kind === 'Schema') return ofSchema(value, at)
  const fields = OBJECTS[kind] ?? {}
  const object = jsonOf(value)
  if (object === undefined) return [`${at} is no ${kind}`]
  if ('$ref' in object) return []
  const missing = Object.keys(fields).flatMap((name) =>
    name.endsWith('!') && !(name.slice(0, -1) in object) ? [`${at}/${name.slice(0, -1)} is missing`] : [],
  )
  const inside = Object.entries(object).flatMap(([name, part]) => {
    const holds = fields[name] ?? fields[`${name}!`]
    if (holds !== undefined) return ofField(holds, part, `${at}/${name}`)
    return name.startsWith('x-') ? [] : [`${at}/${name} is no field of ${kind}`]
  })
  return [...missing, ...inside]
}

function ofField(holds: string, part: unknown, at: string): string[] {
  const kind = holds.replace(/[[\]{}]/g, '')
  if (holds.startsWith('{')) {
    return Object.entries(jsonOf(part) ?? {}).flatMap(([name, one]) => ofObject(kind, one, `${at}/${name}`))
  }
  if (!holds.startsWith('[')) return holds === '' ? [] : ofObject(kind, part, at)
  return Array.isArray(part)
    ? part.flatMap((one, index) => ofObject(kind, one, `${at}/${index}`))
    : [`${at} is no list`]
}

const ajv = new Ajv2020({ strict: false, validateFormats: false })

function ofSchema(schema: unknown, at: string): string[] {
  return jsonOf(schema) && ajv.validateSchema(schema as object) ? [] : [`${at} is no JSON Schema`]
}

function ofReferences(value: unknown, root: Json): string[] {
  if (typeof value !== 'object' || value === null) return []
  const ref = '$ref' in value ? value.$ref : undefined
  const wrong = typeof ref === 'string' && targetOf(root, ref) === undefined ? [`${ref} leads nowhere`] : []
  return [...wrong, ...Object.values(value).flatMap((part) => ofReferences(part, root))]
}

/** What a JSON Pointer in a reference of the same document points at. */
export function targetOf(root: Json, ref: string): unknown {
  const [file, ...parts] = ref.split('/')
  if (file !== '#') return undefined
  return parts
    .map((part) => decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((at, part) => (typeof at === 'object' && at !== null ? (at as Json)[part] : undefined), root)
}

function ofOperations(document: Json): string[] {
  const schemes = Object.keys(jsonOf(targetOf(document, '#/components/securitySchemes')) ?? {})
  const tags = new Set((document['tags'] as Json[]).map(({ name }) => name))
  const seen = new Set<unknown>()
  return Object.entries(document['paths'] as Json).flatMap(([path, item]) =>
    ['get', 'put', 'post', 'delete'].flatMap((method) => {
      const operation = jsonOf((item as Json)[method])
      if (operation === undefined) return []
      const at = `${method} ${path}`
      const id = operation['operationId']
      const isTwice = seen.has(id)
      seen.add(id)
      const parameters = [...list((item as Json)['parameters']), ...list(operation['parameters'])].map((one) =>
        typeof one['$ref'] === 'string' ? (jsonOf(targetOf(document, one['$ref'])) ?? {}) : one,
      )
      const declared = parameters.filter((one) => one['in'] === 'path' && one['required'] === true)
      const variables = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name)
      // An operation's own counts before its path's of the same name.
      const names = [...new Set(declared.map((one) => one['name']))]
      return [
        ...(isTwice ? [`${at}: another operation is called ${id}`] : []),
        ...(names.sort().join() === variables.sort().join() ? [] : [`${at}: its path has other parameters`]),
        ...list(operation['security'])
          .flatMap((one) => Object.keys(one))
          .flatMap((scheme) => (schemes.includes(scheme) ? [] : [`${at}: there is no ${scheme}`])),
        ...(operation['tags'] as string[]).flatMap((tag) => (tags.has(tag) ? [] : [`${at}: no tag ${tag}`])),
        ...Object.keys(operation['responses'] as Json).flatMap((status) =>
          /^[1-5]\d\d$/.test(status) ? [] : [`${at}: ${status} is no status`],
        ),
      ]
    }),
  )
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value : []
}

function jsonOf(value: unknown): Json | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined
}
