import { useCallback, useEffect, useRef, useState } from 'react'
import type { Draft } from '../../../schemas/generated/types'
import { ask } from '../../../web-kit/ask'
import { DraftKeeper, type DraftNote } from './draft-keeper'

/** A form's content that the edge keeps while it is typed. `T` is JSON. */
export interface KeptForm<T> {
  readonly content: T
  change(next: T | ((before: T) => T)): void
  readonly note: DraftNote
  /** Others who are at the same form now, as far as it is known since the last key. */
  readonly alsoBy: readonly string[]
  /** False until it is known what was kept before: nothing is shown to be typed into until then. */
  readonly isReady: boolean
  /** Why what was kept before can't be read. */
  readonly error: unknown
  retry(): void
  /** At once; for `onBlur`. */
  keepNow(): void
  /** The form is empty again, and nothing is kept. */
  discard(): Promise<void>
  /** The other window's in place of ours, or ours in place of it. */
  takeTheirs(): Promise<void>
  keepOurs(): Promise<void>
}

/**
 * What is typed is kept at the edge after a short pause, when a field is left and when the page is closed, and is there again
 * when the form is opened, on whichever computer.
 *
 * @param id     such as `visit.<MRN>`
 * @param empty  the content of a form that nobody has typed into; the same object at each call
 */
export function useDraft<T extends object>(id: string, empty: T): KeptForm<T> {
  const [content, setContent] = useState(empty)
  const [note, setNote] = useState<DraftNote>({ kind: 'untouched' })
  const [alsoBy, setAlsoBy] = useState<readonly string[]>([])
  const [isReady, setReady] = useState(false)
  const [error, setError] = useState<unknown>()
  const [tries, setTries] = useState(0)
  const keeper = useRef<DraftKeeper | undefined>(undefined)
  const newest = useRef(content)
  const path = `/app/drafts/${id}`

  const show = useCallback((next: T) => {
    newest.current = next
    setContent(next)
  }, [])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another try reads again
  useEffect(() => {
    const stopper = new AbortController()
    setReady(false)
    setError(undefined)
    readDraft(path, stopper.signal).then(
      (draft) => {
        if (stopper.signal.aborted) return
        keeper.current = new DraftKeeper({
          writer: crypto.getRandomValues(new Uint32Array(4)).join('-'),
          savedAt: draft?.savedAt,
          send: async (body, keepalive) => {
            const kept = await ask<Draft>(path, { method: 'PUT', body, keepalive })
            setAlsoBy(kept.alsoBy ?? [])
            return kept
          },
          discard: () => ask<undefined>(path, { method: 'DELETE' }),
          onNote: setNote,
        })
        show(draft ? { ...empty, ...(draft.content as T) } : empty)
        setAlsoBy(draft?.alsoBy ?? [])
        setNote(draft ? { kind: 'kept', at: draft.savedAt } : { kind: 'untouched' })
        setReady(true)
      },
      (cause: unknown) => !stopper.signal.aborted && setError(cause),
    )
    const closing = () => void keeper.current?.flush(true)
    const hidden = () => document.visibilityState === 'hidden' && closing()
    window.addEventListener('pagehide', closing)
    document.addEventListener('visibilitychange', hidden)
    return () => {
      window.removeEventListener('pagehide', closing)
      document.removeEventListener('visibilitychange', hidden)
      stopper.abort()
      keeper.current?.close()
      keeper.current = undefined
    }
  }, [path, empty, show, tries])

  return {
    content,
    note,
    alsoBy,
    isReady,
    error,
    retry: () => setTries((before) => before + 1),
    change: useCallback(
      (next: T | ((before: T) => T)) => {
        show(typeof next === 'function' ? next(newest.current) : next)
        keeper.current?.typed({ ...newest.current } as Record<string, unknown>)
      },
      [show],
    ),
    keepNow: useCallback(() => void keeper.current?.flush(), []),
    discard: useCallback(async () => {
      await keeper.current?.discard()
      show(empty)
    }, [empty, show]),
    takeTheirs: async () => setTries((before) => before + 1),
    keepOurs: async () => keeper.current?.keepOurs((await readDraft(path))?.savedAt),
  }
}

/** Undefined where nothing is kept. */
export function readDraft(path: string, signal?: AbortSignal): Promise<Draft | undefined> {
  return ask<Draft | undefined>(path, signal ? { signal } : {})
}
