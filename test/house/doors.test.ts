import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

/** design: which folder may import which others. A folder that is not listed may not exist at the top. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  schemas: [],
  protocol: ['schemas'],
  runtime: [],
  'design-docs': ['protocol', 'schemas'],
  'web-kit': [],
  edge: ['protocol', 'schemas', 'runtime', 'web-kit'],
  hub: ['protocol', 'schemas', 'runtime', 'design-docs', 'web-kit'],
}
const ANYTHING = ['test', 'bench', 'scripts']
const ROOT = resolve(__dirname, '../..')

/** Features of one program meet only in these files. */
const MEETING_PLACES = [
  'edge/main.ts',
  'hub/main.ts',
  'edge/commands.ts',
  'edge/ask-edge.ts',
  'hub/commands.ts',
  'hub/operator-commands.ts',
  'hub/audit-commands.ts',
  'edge/settings.ts',
  'hub/settings.ts',
]

/**
 * Loading is FHIR from elsewhere: it has no rules of its own for places, changes and elements. An operator's account is
 * kept, sealed and decided about as a node's credentials are, and so are the settings of alerts. What an import releases is what consent decides. Names are
 * compared in one way, whether somebody looks for a patient or for a duplicate. What the console calls silent or far behind is what Today counts.
 */
const BUILT_ON: Record<string, string> = {
  'edge/load': 'edge/fhir',
  'edge/duplicates': 'edge/patients',
  'hub/operators': 'hub/nodes',
  'hub/keys': 'hub/nodes',
  'hub/alerts': 'hub/nodes',
  'hub/today': 'hub/nodes',
  'hub/import': 'hub/consent',
  'hub/web': 'hub/today',
}

describe('the one-way doors', () => {
  const files = sourceFiles()

  test('finds the source', () => {
    expect(files.length).toBeGreaterThan(50)
  })

  test.each(Object.keys(MAY_IMPORT))('%s imports only what it may', (folder) => {
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])]
    const wrong = imports(files.filter((file) => topOf(file) === folder)).filter(
      ({ to }) => !allowed.includes(topOf(to)),
    )
    expect(wrong).toEqual([])
  })

  test('every folder with source has its doors', () => {
    const folders = new Set(files.map(topOf))
    for (const folder of [...ANYTHING, ...Object.keys(MAY_IMPORT), 'lontar.ts']) folders.delete(folder)
    expect([...folders]).toEqual([])
  })

  test('nothing imports tests, benches or scripts but they themselves', () => {
    const wrong = imports(files.filter((file) => !ANYTHING.includes(topOf(file)))).filter(({ to }) =>
      ANYTHING.includes(topOf(to)),
    )
    expect(wrong).toEqual([])
  })

  test('no two files import each other, however far around', () => {
    const graph = new Map<string, string[]>()
    for (const { from, to } of imports(files)) graph.set(from, [...(graph.get(from) ?? []), to])
    expect(cycleIn(graph)).toEqual([])
  })

  test('process.env is read in the settings and nowhere else', () => {
    const readers = files.filter(
      (file) => !ANYTHING.includes(topOf(file)) && /process\.env/.test(readFileSync(join(ROOT, file), 'utf8')),
    )
    expect(readers.filter((file) => !/^(edge|hub)\/settings\.ts$/.test(file))).toEqual([])
  })

  test('the features of a program meet in its main file alone', () => {
    const features = (file: string) => file.split('/').slice(0, 2).join('/')
    const wrong = imports(files.filter((file) => ['edge', 'hub'].includes(topOf(file)))).filter(
      ({ from, to }) =>
        topOf(from) === topOf(to) &&
        features(from) !== features(to) &&
        BUILT_ON[features(from)] !== features(to) &&
        !MEETING_PLACES.includes(from) &&
        !isFoundation(to),
    )
    expect(wrong).toEqual([])
  })
})

/** What every feature of a program stands on. */
function isFoundation(file: string): boolean {
  return /^(edge\/store|hub\/access|hub\/couch|hub\/audit|edge\/settings|hub\/settings)/.test(file)
}

function sourceFiles(): string[] {
  const skipped = new Set(['node_modules', 'dist', 'generated', '.git', 'data', 'coverage'])
  const walk = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      if (skipped.has(entry.name)) return []
      const path = join(folder, entry.name)
      if (entry.isDirectory()) return walk(path)
      return entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')
        ? [relative(ROOT, path).split(sep).join('/')]
        : []
    })
  return walk(ROOT)
}

function imports(from: readonly string[]): { from: string; to: string }[] {
  return from.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8')
    const found = [...text.matchAll(/(?:from|import|require\()\s*'(\.{1,2}\/[^']*)'/g)]
    const targets = found.map(([, target = '']) => relative(ROOT, resolve(ROOT, dirname(file), target)))
    return (
      targets
        .map((target) => withEnding(target.split(sep).join('/')))
        // A generator carries the imports of what it writes in its text.
        .filter((to) => existsSync(join(ROOT, to)) && to !== file)
        .map((to) => ({ from: file, to }))
    )
  })
}

function withEnding(path: string): string {
  return /\.[a-z]+$/.test(path) ? path : `${path}.ts`
}

function topOf(file: string): string {
  return file.split('/')[0] ?? ''
}

function cycleIn(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file]
    if (done.has(file)) return []
    for (const next of graph.get(file) ?? []) {
      const cycle = visit(next, [...path, file])
      if (cycle.length > 0) return cycle
    }
    done.add(file)
    return []
  }
  for (const file of graph.keys()) {
    const cycle = visit(file, [])
    if (cycle.length > 0) return cycle
  }
  return []
}
