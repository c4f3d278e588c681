import express, { type Request, type RequestHandler, type Response } from 'express'
import { CodedError } from '../../protocol/error-codes'
import { FHIR_JSON } from '../../protocol/import-bundle'
import type { StoredDocument } from '../store/ehr'
import type { Parameters } from './reads'
import { resourceOf } from './resource-form'
import { etagOf } from './versions'

/** As sent and unpacked. */
export const MAX_BODY_BYTES = 20 * 1024 * 1024

const JSON_TYPES = ['application/fhir+json', 'application/json']
const FORM_TYPE = 'application/x-www-form-urlencoded'

/** Reads a JSON body; anything else is UNSUPPORTED_MEDIA_TYPE. */
export function readJson(maxBytes: number): RequestHandler[] {
  return [only(JSON_TYPES), express.json({ type: JSON_TYPES, limit: maxBytes })]
}

export const readForm: RequestHandler[] = [only([FORM_TYPE]), express.text({ type: FORM_TYPE, limit: 64 * 1024 })]

/** Where clients find this router, for example `http://127.0.0.1:7070/fhir`. */
export function baseUrlOf(request: Request): string {
  return `${request.protocol}://${request.headers.host ?? 'localhost'}${request.baseUrl}`
}

/** In their order, and with all repetitions: `date=ge2026&date=lt2027`. */
export function parametersOf(request: Request): Parameters {
  const start = request.originalUrl.indexOf('?')
  return start === -1 ? [] : [...new URLSearchParams(request.originalUrl.slice(start + 1))]
}

export function formParametersOf(request: Request): Parameters {
  return [...parametersOf(request), ...new URLSearchParams(typeof request.body === 'string' ? request.body : '')]
}

export function part(request: Request, name: string): string {
  const value = request.params[name]
  return typeof value === 'string' ? value : ''
}

export function ifMatchOf(request: Request): { ifMatch?: string } {
  const { 'if-match': ifMatch } = request.headers
  return ifMatch === undefined ? {} : { ifMatch }
}

/** `Prefer: return=minimal` or `return=representation` (https://hl7.org/fhir/R4/http.html#ops). */
export function preferenceOf(request: Request): 'minimal' | 'representation' | undefined {
  const [, preference] = /\breturn=(minimal|representation)\b/.exec(request.get('prefer') ?? '') ?? []
  return preference === 'minimal' || preference === 'representation' ? preference : undefined
}

export function send(response: Response, status: number, body: object | undefined): void {
  response.status(status)
  if (body === undefined) {
    response.end()
    return
  }
  response.setHeader('Content-Type', FHIR_JSON)
  // Records are left on no disk but ours, and with Last-Modified alone a browser guesses that they are good for a while.
  response.setHeader('Cache-Control', 'no-store')
  response.end(JSON.stringify(body))
}

/** A resource, or its headers alone. */
export function sendDocument(response: Response, status: number, document: StoredDocument, withBody: boolean): void {
  response.setHeader('ETag', etagOf(document._rev))
  response.setHeader('Last-Modified', new Date(document.recordedAt).toUTCString())
  send(response, status, withBody ? resourceOf(document) : undefined)
}

export function sendChanged(request: Request, response: Response, status: number, document: StoredDocument): void {
  const { resourceType, id } = document.resource
  response.setHeader('Location', `${baseUrlOf(request)}/${resourceType}/${id}/_history/${document._rev}`)
  sendDocument(response, status, document, preferenceOf(request) !== 'minimal')
}

function only(types: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const [type = ''] = (request.headers['content-type'] ?? '').toLowerCase().split(';')
    if (types.includes(type.trim())) return next()
    next(new CodedError('UNSUPPORTED_MEDIA_TYPE', `The content type must be ${types.join(' or ')}.`))
  }
}
