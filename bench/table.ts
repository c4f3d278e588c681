import { cpus, totalmem } from 'node:os'

/** What is measured, the peer's figure, ours, and which way is better. */
export type Figure = [what: string, peer: number, ours: number, better: 'more' | 'less']

/** Side by side, from one run on one machine: the ratio is what can be compared with another machine's. */
export function printTable(title: string, peer: string, ours: string, rows: readonly Figure[]): void {
  const date = new Date().toISOString().slice(0, 10)
  const machine = `${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB`
  const lines = [
    `\n${title}`,
    `${date}, Node ${process.version}, ${machine}\n`,
    `| | ${peer} | ${ours} | times better |`,
    '| --- | --- | --- | --- |',
    ...rows.map(([what, theirs, own, better]) => {
      const ratio = better === 'more' ? own / theirs : theirs / own
      return `| ${what} | ${shown(theirs)} | ${shown(own)} | ${shown(ratio)} |`
    }),
  ]
  process.stdout.write(`${lines.join('\n')}\n\n`)
}

function shown(value: number): string {
  if (!Number.isFinite(value)) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(Number(value.toPrecision(3)))
}
