/** What a window hears of a line that one of them holds. */
export type StreamNews =
  | { readonly kind: 'event'; readonly name: string; readonly data: string; readonly id: string }
  /** The line broke, and is opened again by itself; `isRefused` where the program answered, and not with a stream. */
  | { readonly kind: 'lost'; readonly isRefused: boolean }

export interface SharedStreamOptions {
  readonly path: string
  /** Names of events that are heard. */
  readonly names: readonly string[]
  onNews(news: StreamNews): void
}

const OPEN_AGAIN_MS = 3_000

/**
 * Server-sent events for all windows of this browser over one line: of HTTP/1.1 a browser opens six to one program, each stream
 * takes one for good, and three windows with two streams each would leave none for anything else. Whichever window has the
 * lock holds the line and passes on what it hears; when it is closed the next one goes on after the last event that was heard.
 *
 * @returns closes it
 */
export function openSharedStream({ path, names, onNews }: SharedStreamOptions): () => void {
  const stopper = new AbortController()
  const channel = new BroadcastChannel(`stream ${path}`)
  let newest: StreamNews | undefined
  let lastId = ''
  const hear = (news: StreamNews) => {
    newest = news
    if (news.kind === 'event' && news.id !== '') lastId = news.id
    onNews(news)
  }
  let isHolder = false
  channel.addEventListener('message', ({ data }: MessageEvent<StreamNews | 'hello'>) => {
    if (data !== 'hello') hear(data)
    // A window that was just opened does not know what was said last.
    else if (isHolder && newest) channel.postMessage(newest)
  })
  channel.postMessage('hello')
  const hold = () =>
    new Promise<void>((release) => {
      isHolder = true
      const close = holdLine(
        () => `${path}${lastId === '' ? '' : `?since=${encodeURIComponent(lastId)}`}`,
        names,
        (news) => {
          hear(news)
          channel.postMessage(news)
        },
      )
      stopper.signal.addEventListener('abort', () => {
        isHolder = false
        close()
        release()
      })
    })
  // Over plain HTTP to another computer there are no locks; then each window has its own.
  if (navigator.locks) void navigator.locks.request(`stream ${path}`, { signal: stopper.signal }, hold).catch(ended)
  else void hold()
  return () => {
    stopper.abort()
    channel.close()
  }
}

function ended(reason: unknown): void {
  if (!(reason instanceof DOMException && reason.name === 'AbortError')) throw reason
}

function holdLine(address: () => string, names: readonly string[], tell: (news: StreamNews) => void): () => void {
  let source: EventSource
  let again: ReturnType<typeof setTimeout> | undefined
  const open = () => {
    source = new EventSource(address())
    for (const name of names)
      source.addEventListener(name, ({ data, lastEventId: id }: MessageEvent<string>) =>
        tell({ kind: 'event', name, data, id }),
      )
    source.addEventListener('error', () => {
      // The browser opens a line again that broke, but none that was refused.
      const isRefused = source.readyState === EventSource.CLOSED
      tell({ kind: 'lost', isRefused })
      if (isRefused) again = setTimeout(open, OPEN_AGAIN_MS)
    })
  }
  open()
  return () => {
    clearTimeout(again)
    source.close()
  }
}
