import { cpus, loadavg, totalmem } from 'node:os'

/** What is measured, the peer's figure, ours, and which way is better. */
export type Figure = [what: string, peer: number, ours: number, better: 'more' | 'less']

/** Work, what the peer did, what we did, and what is to be reached. */
export type Target = [work: string, peer: string, ours: string, toReach: string]

export function printTargets(title: string, peer: string, ours: string, rows: readonly Target[]): void {
  const lines = [
    ...headOf(title),
    `| work | ${peer} | ${ours} | to reach |`,
    '| --- | --- | --- | --- |',
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
  ]
  process.stdout.write(`${lines.join('\n')}\n\n`)
}

/** As many columns as there are heads. */
export function printGrid(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): void {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  const lines = [...headOf(title), line(heads), line(heads.map(() => '---')), ...rows.map(line)]
  process.stdout.write(`${lines.join('\n')}\n\n`)
}

/** Side by side, from one run on one machine: the ratio is what can be compared with another machine's. */
export function printTable(title: string, peer: string, ours: string, rows: readonly Figure[]): void {
  const lines = [
    ...headOf(title),
    `| | ${peer} | ${ours} | times better |`,
    '| --- | --- | --- | --- |',
    ...rows.map(([what, theirs, own, better]) => {
      const ratio = better === 'more' ? own / theirs : theirs / own
      return `| ${what} | ${shown(theirs)} | ${shown(own)} | ${shown(ratio)} |`
    }),
  ]
  process.stdout.write(`${lines.join('\n')}\n\n`)
}

function headOf(title: string): string[] {
  const date = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`
  const load = loadavg()[0]?.toFixed(1)
  return [`\n${title}`, `${date}, Node ${process.version}, ${machine}, load ${load} at the end\n`]
}

function shown(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
