import type { RequestHandler } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { isOver, onceOver } from '../../runtime/once-over'

/** More than this wait for no good reason: whoever loads does it file after file. */
const MOST_WAITING = 20

/**
 * Lets one request through after the other, before its body is read: unpacked and parsed, one of 64 MiB takes several
 * hundred megabytes, and a facility's computer has few of them. Throws OVERLOADED where too many wait.
 */
export function oneAtATime(): RequestHandler {
  const waiting: (() => void)[] = []
  let isBusy = false
  const leave = () => {
    isBusy = false
    waiting.shift()?.()
  }
  return (_request, response, next) => {
    const enter = () => {
      if (isOver(response)) return leave()
      isBusy = true
      onceOver(response, leave)
      next()
    }
    if (!isBusy) return enter()
    if (waiting.length >= MOST_WAITING)
      return next(new CodedError('OVERLOADED', 'Too many bundles are loaded at once.'))
    waiting.push(enter)
  }
}
