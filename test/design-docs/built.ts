import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import vm from 'node:vm'
import { buildDesignDocs } from '../../design-docs/build'

export interface BuiltDesignDoc {
  _id: string
  language: string
  options?: { partitioned: boolean }
  validate_doc_update?: string
  filters?: Record<string, string>
  views?: Record<string, { map: string }>
  lontar: { sha256: string }
}

/** The design documents as they are built now, whatever an earlier build left. */
export async function built(...names: readonly string[]): Promise<BuiltDesignDoc[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lontar-design-docs-'))
  try {
    await buildDesignDocs(folder)
    return names.map((name) => JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Calls a built text as CouchDB does: an expression in a context that has nothing of Node's. */
export function callable(text: string | undefined, globals: object = {}): (...args: unknown[]) => unknown {
  const context = vm.createContext({ ...globals })
  return (...args) =>
    vm.runInContext(`(${text}).apply(null, args)`, Object.assign(context, { args: structuredClone(args) }))
}

/** Undefined where the validator lets the document pass, else the reason of the bare object that it throws. */
export function refusal(validate: (...args: unknown[]) => unknown, ...args: unknown[]): string | undefined {
  try {
    validate(...args)
    return undefined
  } catch (thrown) {
    expect(Object.keys(thrown as object)).toEqual(['forbidden'])
    return (thrown as { forbidden: string }).forbidden
  }
}
