import type { AddressInfo } from 'node:net'
import { connect, createServer, type Socket } from 'node:net'

/** What a link is like. All but `cut` may be changed while it runs; `become` changes that too. */
export interface LinkWeather {
  /** There and back; a new connection costs one more. */
  roundTripMs: number
  upBitsPerSecond: number
  downBitsPerSecond: number
  /** Every so often all connections are cut, and none can be opened for a while; the time between is `growth` times longer each time. */
  cut?: { everyMs: number; forMs: number; growth?: number }
  /** Each connection is cut once so many bytes went up over it. */
  cutAfterBytes?: number
  /**
   * `swallow`: connections open, take everything and never answer; one that has lost bytes does not come back to life,
   * whatever follows. `refuse`: none opens.
   */
  fault?: 'swallow' | 'refuse'
}

export interface LinkTraffic {
  bytesUp: number
  bytesDown: number
  connections: number
  /** From the first byte to the last, in either direction. */
  elapsedMs: number
}

export interface Link {
  readonly url: string
  readonly weather: LinkWeather
  traffic(): LinkTraffic
  reset(): void
  /** Another weather in place of this one: what is not given is clear. */
  become(weather: Partial<LinkWeather>): void
  /** Cuts all connections, now. */
  cutNow(): void
  stop(): Promise<void>
}

export const CLEAR: LinkWeather = {
  roundTripMs: 0,
  upBitsPerSecond: Number.POSITIVE_INFINITY,
  downBitsPerSecond: Number.POSITIVE_INFINITY,
}

/** As much of a TCP segment as goes over the line in one piece. */
const SEGMENT_BYTES = 1_400
/** What waits in the line; a sender that is faster has to wait, as TCP's window makes it. */
const LINE_BYTES = 64 * 1024

/**
 * A slow or broken link: a TCP proxy that holds bytes back for as long as a line of that length and width would. One line
 * in each direction, shared by all connections. Counts the bytes of both directions, headers included.
 */
export async function startLink(targetUrl: string, weather: Partial<LinkWeather> = {}): Promise<Link> {
  const target = new URL(targetUrl)
  const now: LinkWeather = { ...CLEAR, ...weather }
  const pairs = new Set<{ near: Socket; far: Socket }>()
  const none = { bytesUp: 0, bytesDown: 0, connections: 0, firstAtMs: 0, lastAtMs: 0 }
  const counts = { ...none }
  const counted = (direction: 'bytesUp' | 'bytesDown', bytes: Buffer) => {
    counts[direction] += bytes.length
    counts.firstAtMs ||= performance.now()
    counts.lastAtMs = performance.now()
  }
  const up = new Line(() => ({ bitsPerSecond: now.upBitsPerSecond, delayMs: now.roundTripMs / 2 }))
  const down = new Line(() => ({ bitsPerSecond: now.downBitsPerSecond, delayMs: now.roundTripMs / 2 }))
  let isCut = false

  const cutNow = () => {
    for (const { near, far } of pairs) {
      near.resetAndDestroy()
      far.destroy()
    }
    pairs.clear()
  }
  const server = createServer({ pauseOnConnect: true }, (near) => {
    near.on('error', () => undefined)
    if (isCut || now.fault === 'refuse') return void near.resetAndDestroy()
    counts.connections++
    const far = connect({ host: target.hostname, port: Number(target.port) })
    far.on('error', () => near.destroy())
    const pair = { near, far }
    pairs.add(pair)
    const end = () => {
      pairs.delete(pair)
      near.destroy()
      far.destroy()
    }
    near.once('close', end)
    far.once('close', () => down.after(() => near.end()))
    let sent = 0
    let isDead = false
    const swallows = () => (isDead ||= now.fault === 'swallow')
    // The handshake takes a round trip before the first byte goes.
    setTimeout(() => {
      near.on('data', (bytes: Buffer) => {
        counted('bytesUp', bytes)
        sent += bytes.length
        if (now.cutAfterBytes !== undefined && sent > now.cutAfterBytes) {
          near.resetAndDestroy()
          return
        }
        if (!swallows()) up.carry(bytes, near, far)
      })
      near.resume()
    }, now.roundTripMs)
    far.on('data', (bytes: Buffer) => {
      if (swallows()) return
      counted('bytesDown', bytes)
      down.carry(bytes, far, near)
    })
  })
  const cutting = { timer: undefined as NodeJS.Timeout | undefined }
  const schedule = (everyMs = now.cut?.everyMs) => {
    const { cut } = now
    if (!cut || everyMs === undefined) return
    cutting.timer = setTimeout(() => {
      isCut = true
      cutNow()
      cutting.timer = setTimeout(() => {
        isCut = false
        schedule(everyMs * (cut.growth ?? 1))
      }, cut.forMs)
    }, everyMs)
  }
  const become = (next: Partial<LinkWeather>) => {
    clearTimeout(cutting.timer)
    isCut = false
    for (const name of ['cut', 'cutAfterBytes', 'fault'] as const) delete now[name]
    Object.assign(now, CLEAR, next)
    schedule()
  }
  schedule()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    weather: now,
    traffic: () => {
      const { firstAtMs, lastAtMs, ...traffic } = counts
      return { ...traffic, elapsedMs: lastAtMs - firstAtMs }
    },
    reset: () => Object.assign(counts, none),
    become,
    cutNow,
    stop: () => {
      clearTimeout(cutting.timer)
      cutNow()
      return new Promise((closed) => server.close(() => closed()))
    },
  }
}

/** One direction: segments leave one after the other at the line's rate, and arrive after its delay. */
class Line {
  #freeAtMs = 0
  #waitingBytes = 0
  readonly #onTheWay: { dueMs: number; arrived: () => void }[] = []

  constructor(private readonly quality: () => { bitsPerSecond: number; delayMs: number }) {}

  carry(bytes: Buffer, from: Socket, to: Socket): void {
    this.#waitingBytes += bytes.length
    if (this.#waitingBytes > LINE_BYTES) from.pause()
    for (let at = 0; at < bytes.length; at += SEGMENT_BYTES) {
      const segment = bytes.subarray(at, at + SEGMENT_BYTES)
      this.#deliver(segment.length, () => {
        this.#waitingBytes -= segment.length
        if (from.isPaused() && this.#waitingBytes < LINE_BYTES / 2) from.resume()
        if (!to.destroyed) to.write(segment)
      })
    }
  }

  /** Something that comes after all that is on the line already. */
  after(work: () => void): void {
    this.#deliver(0, work)
  }

  /** In order, whatever the timers do: bytes that overtake each other are no TCP. */
  #deliver(bytes: number, arrived: () => void): void {
    const { bitsPerSecond, delayMs } = this.quality()
    this.#freeAtMs = Math.max(performance.now(), this.#freeAtMs) + (bytes * 8_000) / bitsPerSecond
    this.#onTheWay.push({ dueMs: this.#freeAtMs + delayMs, arrived })
    if (this.#onTheWay.length === 1) this.#arrive()
  }

  #arrive(): void {
    for (let next = this.#onTheWay[0]; next; next = this.#onTheWay[0]) {
      const waitMs = next.dueMs - performance.now()
      if (waitMs > 0.5) {
        setTimeout(() => this.#arrive(), waitMs).unref()
        return
      }
      next.arrived()
      this.#onTheWay.shift()
    }
  }
}
