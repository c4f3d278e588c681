import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { httpbis } from 'http-message-signatures'
import {
  type InnerList,
  isInnerList,
  parseDictionary,
  serializeDictionary,
  serializeInnerList,
} from 'structured-headers'
import { PURPOSE_OF_USE, SIGNATURE, SIGNATURE_INPUT } from './headers'
import { parseHttpDate } from './http-date'
import { isNodeName } from './node-name'

/**
 * The signature on an import: HTTP Message Signatures (RFC 9421) with HMAC-SHA256. The key is the node password's
 * characters as they stand, so that `openssl dgst -sha256 -hmac` can sign as well.
 *
 *     "@method": GET
 *     "@path": /fhir/Patient/10100000042/$everything
 *     "@query": ?
 *     "date": Sun, 22 Nov 2026 07:41:03 GMT
 *     "purpose-of-use": TREAT
 *     "@signature-params": ("@method" "@path" "@query" "date" "purpose-of-use");created=…;nonce="…";keyid="node-102";…
 *
 * The `Reason` header is not among the five: it decides nothing, and is written down as what the caller claims.
 */
export const SIGNED_COMPONENTS = ['@method', '@path', '@query', 'date', 'purpose-of-use'] as const
export const SIGNATURE_ALGORITHM = 'hmac-sha256'
export const SIGNATURE_TAG = 'lontar-import'
/** How far a signature's time may be from the hub's, either way. */
export const CLOCK_TOLERANCE_SECONDS = 300

const PARAMETERS = ['created', 'nonce', 'keyid', 'alg', 'tag'] as const
/** 22 characters of base64url are 132 bits; hex takes 32. It becomes part of a document id, so nothing else is let in. */
const NONCE = /^[A-Za-z0-9_-]{22,64}$/
/** Our own headers are under 250 characters; what is far longer is not parsed at all. */
const HEADER_CHARACTERS = 1_000

/** A request as it is on the wire. `target` is its path and query, not decoded: `/fhir/Patient/…/$everything?_linked=false`. */
export interface WireRequest {
  method: string
  target: string
  headers: Readonly<Record<string, string | string[] | undefined>>
}

export type SignatureVerdict =
  /** `key`: which of the node's keys signed, as `keysOf` gave them. */
  | { kind: 'valid'; nodeName: string; nonce: string; key: number }
  /** Signed by the node, at a time that is not now. The nonce counts as used: the time may come. */
  | { kind: 'clock-skew'; nodeName: string; nonce: string }
  | { kind: 'missing' }
  /** Not of the form that is taken: the reason says what is wrong with it, and no key was looked for. */
  | { kind: 'malformed'; reason: string }
  | { kind: 'invalid'; reason: string; nodeName: string }

const NOT_OF_THIS_NODE = 'The signature is not one of this node over the parts that must be signed.'

/** 128 bits, in base64url. */
export function newNonce(): string {
  return randomBytes(16).toString('base64url')
}

/** The headers that sign a request: `Date`, `Purpose-Of-Use`, `Signature-Input` and `Signature`. */
export async function signImport(
  request: { method: string; url: URL; purpose: string },
  signer: { nodeName: string; nodePassword: string },
  at: { now: Date; nonce: string },
): Promise<Record<string, string>> {
  const headers = { Date: at.now.toUTCString(), [PURPOSE_OF_USE]: request.purpose }
  const signed = await httpbis.signMessage(
    {
      key: {
        id: signer.nodeName,
        alg: SIGNATURE_ALGORITHM,
        sign: (base) => Promise.resolve(hmac(signer.nodePassword, base)),
      },
      name: 'sig',
      fields: [...SIGNED_COMPONENTS],
      params: [...PARAMETERS],
      paramValues: { created: at.now, nonce: at.nonce, tag: SIGNATURE_TAG },
    },
    { method: request.method, url: request.url, headers },
  )
  return signed.headers as Record<string, string>
}

/**
 * Whether a request is signed by the node it names, and now. Nothing here throws for what a caller sent.
 *
 * The time is looked at only after the signature, so that the answer about clocks goes to nodes alone. An unknown node
 * costs the same HMACs as a known one and gets the same answer as a wrong key.
 *
 * @param keysOf the node's passwords: none for a node that is not known or has none, two while one takes the other's place
 */
export async function verifyImport(
  request: WireRequest,
  keysOf: (nodeName: string) => Promise<readonly string[]>,
  now: Date,
): Promise<SignatureVerdict> {
  const claim = readClaim(request)
  if (claim.kind !== 'claim') return claim
  const { nodeName, nonce } = claim
  const keys = await keysOf(nodeName)
  const isSigned = Array.from({ length: MOST_KEYS }, (_, index) => {
    const expected = hmac(keys[index] ?? NOBODYS_KEY, claim.base)
    return expected.length === claim.signature.length && timingSafeEqual(expected, claim.signature)
  })
  const key = isSigned.indexOf(true)
  if (keys[key] === undefined) return { kind: 'invalid', reason: NOT_OF_THIS_NODE, nodeName }
  const inTime = [claim.createdMs, claim.dateMs].every(
    (ms) => Math.abs(ms - now.getTime()) <= CLOCK_TOLERANCE_SECONDS * 1000,
  )
  return inTime ? { kind: 'valid', nodeName, nonce, key } : { kind: 'clock-skew', nodeName, nonce }
}

/** Always so many are tried, so that the time tells nothing of a node. */
const MOST_KEYS = 2
const NOBODYS_KEY = randomBytes(32).toString('base64url')

function hmac(key: string, base: Buffer | string): Buffer {
  return createHmac('sha256', key).update(base).digest()
}

type Claim = {
  kind: 'claim'
  nodeName: string
  nonce: string
  createdMs: number
  dateMs: number
  base: string
  signature: Buffer
}

type NoClaim = Extract<SignatureVerdict, { kind: 'missing' | 'malformed' }>

/** What the headers say, held against the one form that is taken. What is wrong with a form is said openly: it is no secret. */
function readClaim(request: WireRequest): Claim | NoClaim {
  const inputText = one(request, SIGNATURE_INPUT)
  const signatureText = one(request, SIGNATURE)
  if (inputText === undefined && signatureText === undefined) return { kind: 'missing' }
  if (inputText === undefined) return malformed('Signature came without Signature-Input.')
  if (signatureText === undefined) return malformed('Signature-Input came without Signature.')
  if (inputText.length + signatureText.length > HEADER_CHARACTERS)
    return malformed('The signature headers are too long.')

  const input = onlyMember(inputText)
  const signature = onlyMember(signatureText)
  if (!input || !isInnerList(input.value))
    return malformed(
      'Signature-Input must hold exactly one signature, as RFC 8941 writes it: nothing twice, no further spaces.',
    )
  if (!signature || !(signature.value[0] instanceof ArrayBuffer) || signature.value[1].size > 0) {
    return malformed('Signature must hold exactly one signature, in base64 between colons.')
  }
  if (input.label !== signature.label) return malformed('Signature and Signature-Input must use the same label.')
  if (!areComponents(input.value)) return malformed(`The signature must cover exactly (${COMPONENTS_TEXT}).`)

  const parameters = input.value[1]
  const nodeName = parameters.get('keyid')
  const nonce = parameters.get('nonce')
  const created = parameters.get('created')
  if (parameters.size !== PARAMETERS.length || PARAMETERS.some((name) => !parameters.has(name))) {
    return malformed(`The signature's parameters must be exactly ${PARAMETERS.join(', ')}.`)
  }
  if (parameters.get('alg') !== SIGNATURE_ALGORITHM) return malformed(`alg must be "${SIGNATURE_ALGORITHM}".`)
  if (parameters.get('tag') !== SIGNATURE_TAG) return malformed(`tag must be "${SIGNATURE_TAG}".`)
  if (typeof nonce !== 'string' || !NONCE.test(nonce)) {
    return malformed('nonce must be 22 to 64 characters of base64url, or 32 to 64 of hex: at least 128 random bits.')
  }
  if (typeof created !== 'number' || !Number.isSafeInteger(created))
    return malformed('created must be in whole seconds.')
  if (typeof nodeName !== 'string' || !isNodeName(nodeName)) return malformed("keyid must be the node's name.")

  const dateMs = parseHttpDate(one(request, 'Date') ?? '')
  if (dateMs === undefined) return malformed('Date must be a date of HTTP, such as Sun, 22 Nov 2026 07:41:03 GMT.')
  if (one(request, PURPOSE_OF_USE) === undefined) return malformed(`${PURPOSE_OF_USE} is missing.`)

  return {
    kind: 'claim',
    nodeName,
    nonce,
    createdMs: created * 1000,
    dateMs,
    base: signatureBase(request, input.value),
    signature: Buffer.from(signature.value[0]),
  }
}

const COMPONENTS_TEXT = SIGNED_COMPONENTS.map((name) => `"${name}"`).join(' ')

/** RFC 9421, section 2.5. Path and query are the bytes of the request line: nothing is decoded or normalized on the way. */
export function signatureBase(request: WireRequest, input: InnerList): string {
  const mark = request.target.indexOf('?')
  const path = mark === -1 ? request.target : request.target.slice(0, mark)
  const query = mark === -1 ? '?' : request.target.slice(mark)
  const lines = httpbis.createSignatureBase(
    {
      fields: input[0].map(([name]) => String(name)),
      componentParser: (name) => (name === '@path' ? [path] : name === '@query' ? [query] : null),
    },
    { method: request.method, url: request.target, headers: request.headers as Record<string, string | string[]> },
  )
  lines.push(['"@signature-params"', [serializeInnerList(input)]])
  return httpbis.formatSignatureBase(lines)
}

function areComponents([items]: InnerList): boolean {
  return (
    items.length === SIGNED_COMPONENTS.length &&
    items.every(([name, parameters], index) => name === SIGNED_COMPONENTS[index] && parameters.size === 0)
  )
}

/**
 * The one member of a dictionary (RFC 8941); undefined for none, several, or what is not a dictionary.
 *
 * Also for what would be written another way than it was sent (section 4.1): a key that is there twice, `1.0` for `1`,
 * base64 with bits that nobody reads. The base is made of what was parsed, so none of these would be signed.
 */
function onlyMember(text: string) {
  try {
    const dictionary = parseDictionary(text)
    const [first, ...more] = dictionary
    const isOnly = first !== undefined && more.length === 0 && serializeDictionary(dictionary) === text
    return isOnly ? { label: first[0], value: first[1] } : undefined
  } catch {
    return undefined
  }
}

/** A header's value. Node gives names in lower case; other servers and tests may not. */
function one(request: WireRequest, name: string): string | undefined {
  const value = request.headers[name.toLowerCase()] ?? request.headers[name]
  return typeof value === 'string' ? value : undefined
}

function malformed(reason: string): NoClaim {
  return { kind: 'malformed', reason }
}
