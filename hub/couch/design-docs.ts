import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** As the build made it; the hash is that of all the rest. */
export interface BuiltDesignDoc {
  readonly _id: string
  readonly lontar: { readonly sha256: string }
}

/** The design documents that a database of the hub has. The build puts them beside the sources and into dist alike. */
export function designDocsOf(database: 'ehr' | 'audit' | 'nodes'): readonly BuiltDesignDoc[] {
  const folder = join(__dirname, '../../design-docs/generated', database)
  let names: string[]
  try {
    names = readdirSync(folder).sort()
  } catch (cause) {
    throw new Error('The design documents are not built: run `npm run build`.', { cause })
  }
  return names.map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as BuiltDesignDoc)
}

/** Another one for other rules about records: those are the validators among the design documents of `ehr`; a view refuses nothing. */
export function rulesOf(docs: readonly BuiltDesignDoc[]): string {
  const hash = createHash('sha256')
  const rules = docs.filter((doc) => 'validate_doc_update' in doc)
  for (const { _id, lontar } of rules) hash.update(`${_id} ${lontar.sha256}\n`)
  return hash.digest('base64url').slice(0, 16)
}
