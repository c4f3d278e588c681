import { existsSync, readdirSync } from 'node:fs'
import { extname } from 'node:path'
import express, { type RequestHandler } from 'express'

/** A year: their names change with what is in them. */
const AGE_MS = 365 * 24 * 3_600_000

/** Smallest first. */
export const FORMS = [
  { encoding: 'br', ending: '.br' },
  { encoding: 'gzip', ending: '.gz' },
] as const

/**
 * Files whose names are made from their content, kept by browsers for a year. Where the build has put a compressed form
 * beside a file, whoever takes it gets that one: nothing is compressed while somebody waits.
 */
export function hashedFiles(folder: string): RequestHandler {
  const names = new Set(existsSync(folder) ? readdirSync(folder).map((name) => `/${name}`) : [])
  const options = { immutable: true, maxAge: AGE_MS, index: false, redirect: false, fallthrough: true } as const
  const files = express.static(folder, options)
  return (request, response, next) => {
    const { path } = request
    response.vary('Accept-Encoding')
    const made = FORMS.filter(({ ending }) => names.has(path + ending))
    const taken = made.find(({ encoding }) => request.acceptsEncodings(encoding) !== false)
    if (taken) {
      response.type(extname(path))
      response.setHeader('Content-Encoding', taken.encoding)
      request.url = path + taken.ending
    }
    files(request, response, next)
  }
}
