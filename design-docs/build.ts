import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { contentHash } from './content-hash'
import { DESIGN_DOCS, type DesignDocSource, type FunctionSource } from './definitions'

/**
 * Builds every design document into `<folder>/<database>/<name>.json`.
 *
 * `lontar.sha256` is the hash of all the rest: by it a hub sees whether what it carries is what the database has, however
 * the database stores or prints it, and whether somebody has changed that by hand.
 */
export async function buildDesignDocs(folder = join(__dirname, 'generated')): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  for (const source of DESIGN_DOCS) {
    const content = await contentOf(source)
    const sha256 = contentHash(content)
    await mkdir(join(folder, source.database), { recursive: true })
    await writeFile(
      join(folder, source.database, `${source.name}.json`),
      `${JSON.stringify({ ...content, lontar: { sha256 } }, null, 2)}\n`,
    )
  }
}

async function contentOf({ name, options, validate, filters, maps, reduces }: DesignDocSource): Promise<object> {
  const viewOf = (view: string, map: string) => ({ map, ...(reduces?.[view] && { reduce: reduces[view] }) })
  const views = maps && Object.entries(await textsOf(maps)).map(([view, map]) => [view, viewOf(view, map)])
  return {
    _id: `_design/${name}`,
    language: 'javascript',
    ...(options && { options }),
    ...(validate && { validate_doc_update: await textOf(validate) }),
    ...(filters && { filters: await textsOf(filters) }),
    ...(views && { views: Object.fromEntries(views) }),
  }
}

async function textsOf(sources: Readonly<Record<string, FunctionSource>>): Promise<Record<string, string>> {
  const texts: Record<string, string> = {}
  for (const [name, source] of Object.entries(sources)) texts[name] = await textOf(source)
  return texts
}

/**
 * One function expression with all that it calls inside it: CouchDB evaluates the text as an expression and calls the
 * result, and nothing around it exists. ES2015 is what each of its JavaScript engines understands.
 */
async function textOf({ file, name, parameters }: FunctionSource): Promise<string> {
  const bundle = await build({
    entryPoints: [join(__dirname, `${file}.ts`)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2015',
    legalComments: 'none',
  })
  const code = (bundle.outputFiles[0]?.text ?? '').replace(/^\/\/ .*\n/gm, '').replace(/\nexport \{[^}]*\};\s*$/, '\n')
  if (/^\s*(export|import)\b/m.test(code)) throw new Error(`${file}: an export or import is left in its bundle`)
  return `(function (${parameters}) {\n${code.trimEnd()}\nreturn ${name}(${parameters});\n})`
}
