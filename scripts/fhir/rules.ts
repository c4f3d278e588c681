import { _, type CodeKeywordDefinition, type KeywordCxt, stringify } from 'ajv'

/**
 * What FHIR says about the elements of an object and JSON Schema can say only in ways that make hundreds of errors of one
 * mistake. Lists, so that generated code stays small.
 */
export interface ElementRules {
  /** Elements that must be there, each with the names that do: `status`, or `_status` with an extension. */
  needed: { element: string; names: string[] }[]
  /** `value[x]` has one of its types at most; its names without `_`. */
  choices: { element: string; names: string[] }[]
  /** Arrays of primitives: null stands where an item has only an extension, in the array `_…` at the same index. */
  primitives: string[]
}

/** The ajv keyword `elements`; its errors have `params.rule`, and `params.element` unless the rule is about an item. */
export const ELEMENTS: CodeKeywordDefinition = {
  keyword: 'elements',
  type: 'object',
  schemaType: 'object',
  error: { message: '', params: ({ params }) => _`{rule: ${params['rule']}, element: ${params['element']}}` },
  code(cxt) {
    const rules: ElementRules = cxt.schema
    for (const { element, names } of rules.needed) checkNeeded(cxt, element, names)
    for (const { element, names } of rules.choices) checkChoice(cxt, element, names)
    for (const name of rules.primitives) checkNulls(cxt, name)
  },
}

function checkNeeded(cxt: KeywordCxt, element: string, names: string[]): void {
  const absent = names.map((name) => _`${cxt.data}[${name}] === undefined`).reduce((all, one) => _`${all} && ${one}`)
  cxt.gen.if(absent, () => fail(cxt, 'needed', element))
}

function checkChoice(cxt: KeywordCxt, element: string, names: string[]): void {
  const { gen, data } = cxt
  const set = gen.scopeValue('obj', {
    key: element + names,
    ref: new Set(names),
    code: _`new Set(${stringify(names)})`,
  })
  const seen = gen.let('seen', _`undefined`)
  gen.forIn('key', data, (key) => {
    const name = gen.const('name', _`${key}[0] === "_" ? ${key}.slice(1) : ${key}`)
    gen.if(_`${set}.has(${name})`, () => {
      gen.if(_`${seen} !== undefined && ${seen} !== ${name}`, () => fail(cxt, 'choice', element))
      gen.assign(seen, name)
    })
  })
}

function checkNulls(cxt: KeywordCxt, name: string): void {
  const { gen, data } = cxt
  const items = _`${data}[${name}]`
  const extensions = _`${data}[${`_${name}`}]`
  gen.if(_`Array.isArray(${items}) && ${items}.some((item, index) => item === null && !${extensions}?.[index])`, () =>
    fail(cxt, 'null', name),
  )
}

function fail(cxt: KeywordCxt, rule: 'needed' | 'choice' | 'null', element: string): void {
  cxt.setParams({ rule: _`${rule}`, element: _`${element}` })
  cxt.error()
}
