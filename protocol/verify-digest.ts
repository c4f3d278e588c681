import { createHash } from 'node:crypto'

/**
 * How two stores find out whether they hold the same documents without sending them. An item stands for one document in one
 * revision; a digest stands for the items of a range of ids.
 *
 *     101:Location:a  1-aa…  →  item 8 bytes ┐
 *     101:Location:b  3-bb…  →  item 8 bytes ┼─ in the order of their values ─► digest, 16 bytes
 *     101:Location:c  1-cc…  →  item 8 bytes ┘
 *
 * The digest sorts the items itself, so it does not matter in which order a store gives its ids.
 */
export interface Entry {
  id: string
  /** The revision that a read of the document answers with, or that of its deletion. */
  rev: string
}

/**
 * 64 bits are enough for an item: items are compared within one range, where the chance that two of 4,096 different ones
 * are the same is less than one in 10¹².
 */
export const ITEM_BYTES = 8
const DIGEST_BYTES = 16

export function itemOf({ id, rev }: Entry): bigint {
  return createHash('sha256').update(`${id}\0${rev}`).digest().readBigUInt64BE(0)
}

/** Of the items in any order. */
export function digestOf(items: Iterable<bigint>): string {
  return shortHash(bytesOf(BigUint64Array.from(items).sort()))
}

/** What a pass over several ranges comes to: each range is added to what the ones before it came to. */
export const NOTHING_YET = 'A'.repeat(22)

export function addedTo(before: string, range: { count: number; digest: string }): string {
  return shortHash(Buffer.from(`${before}.${range.count}.${range.digest}`))
}

/** A list of items as it goes over the wire. */
export function textOf(items: Iterable<bigint>): string {
  return bytesOf(BigUint64Array.from(items)).toString('base64url')
}

/** Throws a RangeError for what is not such a list. */
export function itemsIn(text: string): bigint[] {
  const bytes = Buffer.from(text, 'base64url')
  if (bytes.length % ITEM_BYTES !== 0) throw new RangeError('not a list of items')
  return Array.from({ length: bytes.length / ITEM_BYTES }, (_, at) => bytes.readBigUInt64BE(at * ITEM_BYTES))
}

/** From `first` up to and with `last`: places in a list of ids that is in order. */
export interface Part {
  first: number
  last: number
}

/** A part in parts of `most` each, the last one as short as it comes. */
export function cut({ first, last }: Part, most: number): Part[] {
  const parts: Part[] = []
  for (let at = first; at <= last; at += most) parts.push({ first: at, last: Math.min(at + most - 1, last) })
  return parts
}

/** The order of ids at both ends: that of their UTF-16 units, whichever one the store has. */
export function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0
}

/** The same bytes on every machine, whatever its own order of bytes is. */
function bytesOf(items: BigUint64Array): Buffer {
  const bytes = Buffer.alloc(items.length * ITEM_BYTES)
  for (const [at, item] of items.entries()) bytes.writeBigUInt64BE(item, at * ITEM_BYTES)
  return bytes
}

function shortHash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest().subarray(0, DIGEST_BYTES).toString('base64url')
}
