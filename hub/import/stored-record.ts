import { JsonCursor, UnreadableText } from './json-cursor'

/** Where something is in a text: from the first character to the one behind the last. */
interface Place {
  start: number
  end: number
}

/** Where the parts of a resource are, as far as they matter for writing it down again. */
interface ResourcePlaces extends Place {
  /** Behind `"resourceType":"…"`. */
  typeEnd: number
  /** Undefined where there is none. `unusual`: it is no object, there twice, or has a version or time of its own. */
  meta?: Place | 'unusual'
  /** A resource within it (`contained`) may have labels. */
  isLabelledWithin?: true
}

/**
 * A document of `ehr` as CouchDB sent it. Its text is one character a byte (hub/couch/ask-text.ts): a resource goes to whoever
 * asked as the very bytes that are stored, numbers with all their digits, and nothing is parsed that nobody looks at.
 */
export class StoredRecord {
  #resource: { value: unknown } | undefined

  constructor(
    private readonly text: string,
    /** The document's `_id`. */
    readonly id: string,
    readonly rev: string,
    readonly type: string,
    /** The FHIR id. */
    readonly resourceId: string,
    readonly facility: string,
    readonly recordedAt: string,
    readonly mrn: string | undefined,
    private readonly places: ResourcePlaces,
    /** Revisions that others wrote at the same time, and that did not win. */
    readonly conflicts: readonly string[] = [],
  ) {}

  /** Whether `meta`, or a resource within it, may have labels. */
  get hasLabels(): boolean {
    const { meta, isLabelledWithin = false } = this.places
    if (isLabelledWithin) return true
    if (meta === undefined) return false
    return meta === 'unusual' || this.text.slice(meta.start, meta.end).includes('"security"')
  }

  /** Of its resource. */
  get bytes(): number {
    return this.places.end - this.places.start
  }

  /** The same without the answer that it came in, which would else stay in memory for as long as this does. */
  alone(): StoredRecord {
    const { start, end, typeEnd, meta, isLabelledWithin } = this.places
    // A slice of a text holds on to the whole of it.
    const text = Buffer.from(this.text.slice(start, end), 'latin1').toString('latin1')
    const moved = meta === undefined || meta === 'unusual' ? meta : { start: meta.start - start, end: meta.end - start }
    const within = { ...(moved && { meta: moved }), ...(isLabelledWithin && { isLabelledWithin }) }
    const places = { start: 0, end: end - start, typeEnd: typeEnd - start, ...within }
    const { id, rev, type, resourceId, facility, recordedAt, mrn } = this
    return new StoredRecord(text, id, rev, type, resourceId, facility, recordedAt, mrn, places, this.conflicts)
  }

  /** Parsed when it is first asked for. */
  resource(): unknown {
    const { start, end } = this.places
    this.#resource ??= { value: JSON.parse(fromBytes(this.text.slice(start, end))) as unknown }
    return this.#resource.value
  }

  /** As FHIR wants to see it: with its version and time, which stand beside it in the document. */
  resourceText(): string {
    const { text } = this
    const { start, end, typeEnd, meta } = this.places
    if (meta === 'unusual') return this.#rewritten()
    const version = `"versionId":${JSON.stringify(this.rev)},"lastUpdated":${JSON.stringify(this.recordedAt)}`
    if (meta === undefined) return `${text.slice(start, typeEnd)},"meta":{${version}}${text.slice(typeEnd, end)}`
    const more = meta.end - meta.start > 2 ? ',' : ''
    return `${text.slice(start, meta.start + 1)}${version}${more}${text.slice(meta.start + 1, end)}`
  }

  #rewritten(): string {
    const resource = this.resource() as Readonly<Record<string, unknown>>
    const { resourceType, id, meta, ...elements } = resource
    const own = typeof meta === 'object' && !Array.isArray(meta) ? meta : {}
    const known = { ...own, versionId: this.rev, lastUpdated: this.recordedAt }
    return toBytes(JSON.stringify({ resourceType, id, meta: known, ...elements }))
  }
}

/** Text of ours as one character a byte. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

function fromBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8')
}

/** The documents in an answer of `_all_docs` with `include_docs`. Throws UnreadableText for what is not a whole one. */
export function recordsIn(answer: string): StoredRecord[] {
  const records: StoredRecord[] = []
  const cursor = new JsonCursor(answer)
  let hasRows = false
  cursor.members((name) => {
    if (name !== 'rows') return cursor.skip()
    hasRows = true
    cursor.items(() =>
      cursor.members((member) => {
        // A key without a document, or with a deleted one, has null.
        if (member === 'doc' && cursor.isAtObject()) records.push(recordAt(cursor))
        else cursor.skip()
      }),
    )
  })
  cursor.end()
  if (!hasRows) throw new UnreadableText('an answer without rows')
  return records
}

function recordAt(cursor: JsonCursor): StoredRecord {
  const texts: Record<string, string> = {}
  let places: ResourcePlaces | undefined
  const ids: Record<string, string> = {}
  const conflicts: string[] = []
  cursor.members((name) => {
    if (name === 'resource' && cursor.isAtObject()) places = resourceAt(cursor, ids)
    else if (name === '_conflicts') cursor.items(() => conflicts.push(cursor.literal()))
    else if (cursor.isAtText()) texts[name] = cursor.literal()
    else cursor.skip()
  })
  const { _id, _rev, type, facility, recordedAt, mrn } = texts
  const { id } = ids
  if (_id === undefined || _rev === undefined || type === undefined || facility === undefined || !places) {
    throw new Error('a document of ehr is not of its form')
  }
  if (recordedAt === undefined || id === undefined || ids['resourceType'] !== type) {
    throw new Error('a document of ehr is not of its form')
  }
  return new StoredRecord(cursor.text, _id, _rev, type, id, facility, recordedAt, mrn, places, conflicts)
}

function resourceAt(cursor: JsonCursor, ids: Record<string, string>): ResourcePlaces {
  const start = cursor.at
  let typeEnd = start
  let meta: ResourcePlaces['meta']
  let isLabelledWithin: true | undefined
  cursor.members((name) => {
    if (name === 'meta') {
      const isFirst = meta === undefined
      const place = metaAt(cursor)
      meta = isFirst ? place : 'unusual'
    } else if (name === 'contained') {
      const from = cursor.at
      cursor.skip()
      if (LABELS.test(cursor.text.slice(from, cursor.at))) isLabelledWithin = true
    } else if ((name === 'resourceType' || name === 'id') && cursor.isAtText()) {
      ids[name] = cursor.literal()
      if (name === 'resourceType') typeEnd = cursor.at
    } else cursor.skip()
  })
  return { start, end: cursor.at, typeEnd, ...(meta && { meta }), ...(isLabelledWithin && { isLabelledWithin }) }
}

/** The names of elements for confidentiality, of any resource. */
const LABELS = /"(security|securityLabel|confidentiality)"/

function metaAt(cursor: JsonCursor): Place | 'unusual' {
  const start = cursor.at
  let isUsual = cursor.isAtObject()
  if (!isUsual) cursor.skip()
  else {
    cursor.members((name) => {
      if (name === 'versionId' || name === 'lastUpdated') isUsual = false
      cursor.skip()
    })
  }
  return isUsual ? { start, end: cursor.at } : 'unusual'
}
