import { readFileSync } from 'node:fs'

/** In bytes, of proc(5). */
export interface Memory {
  /** All that is resident. */
  whole: number
  /** What the process has made itself: V8's heap, buffers, what its libraries have allocated. */
  anonymous: number
  /** Pages of files, node and LevelDB's tables among them: the kernel takes them back where it needs the room. */
  file: number
}

const LOOK_EVERY_MS = 50

/** The most of each, whenever that was; `whole` as the kernel has kept it. */
export function watchMemory(pid: number): { peak(): Memory; stop(): void } {
  const most = { anonymous: 0, file: 0 }
  const look = () => {
    most.anonymous = Math.max(most.anonymous, bytesOf(pid, 'RssAnon'))
    most.file = Math.max(most.file, bytesOf(pid, 'RssFile'))
  }
  const timer = setInterval(look, LOOK_EVERY_MS)
  look()
  return {
    peak() {
      look()
      return { whole: peakMemoryOf(pid), ...most }
    },
    stop: () => clearInterval(timer),
  }
}

export function peakMemoryOf(pid: number): number {
  return bytesOf(pid, 'VmHWM')
}

function bytesOf(pid: number, line: 'VmHWM' | 'RssAnon' | 'RssFile'): number {
  const found = new RegExp(`${line}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))
  return Number(found?.[1] ?? 0) * 1024
}
