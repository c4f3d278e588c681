import { Presets, SingleBar } from 'cli-progress'
import type { LoadReport } from '../../schemas/generated/types'

/** What became of one file. */
export type FileResult =
  | { kind: 'loaded'; file: string; report: LoadReport }
  /** `reason` is for a person. With `stop`, the other files would fail the same way. */
  | { kind: 'refused'; file: string; reason: string; stop: boolean }

/** Shows how loading goes. */
export interface LoadProgress {
  start(files: number): void
  done(result: FileResult): void
  end(summary: string): void
}

/** A bar on a terminal; a line a file otherwise, for logs and pipes. */
export function loadProgress(output: NodeJS.WriteStream): LoadProgress {
  return output.isTTY ? bar(output) : lines((line) => output.write(`${line}\n`))
}

export function lines(write: (line: string) => void): LoadProgress {
  return {
    start: () => undefined,
    done: (result) => write(lineOf(result)),
    end: write,
  }
}

function bar(output: NodeJS.WriteStream): LoadProgress {
  const format = '  {bar} {value}/{total} files · {resources} resources'
  const shown = new SingleBar({ format, stream: output, hideCursor: true }, Presets.shades_classic)
  const refused: FileResult[] = []
  let resources = 0
  return {
    start: (files) => shown.start(files, 0, { resources }),
    done(result) {
      if (result.kind === 'refused') refused.push(result)
      else resources += result.report.resources.created + result.report.resources.unchanged
      shown.increment(1, { resources })
    },
    end(summary) {
      shown.stop()
      for (const result of refused) output.write(`${lineOf(result)}\n`)
      output.write(`${summary}\n`)
    },
  }
}

function lineOf(result: FileResult): string {
  if (result.kind === 'refused') return `${result.file}: refused: ${result.reason}`
  const { created, unchanged } = result.report.resources
  return `${result.file}: ${created} created, ${unchanged} unchanged`
}

export function summaryOf(results: readonly FileResult[], files: number, seconds: number): string {
  const reports = results.flatMap((result) => (result.kind === 'loaded' ? [result.report] : []))
  const sum = (of: (report: (typeof reports)[number]) => number) =>
    reports.reduce((total, report) => total + of(report), 0)
  const refused = results.length - reports.length
  const left = files - results.length
  return [
    `${reports.length} of ${files} files loaded${refused > 0 ? `, ${refused} refused` : ''}${left > 0 ? `, ${left} not tried` : ''}`,
    `${sum(({ patients }) => patients.created)} patients created, ${sum(({ patients }) => patients.unchanged)} unchanged`,
    `${sum(({ resources }) => resources.created)} resources created, ${sum(({ resources }) => resources.unchanged)} unchanged`,
    `${seconds.toFixed(1)} s`,
  ].join(' · ')
}
