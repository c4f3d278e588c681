import { X509Certificate } from 'node:crypto'
import type { GatewayDocument } from '../../schemas/generated/types'
import { isGatewayDocument } from '../../schemas/generated/validators'
import { changeDocument, type Database, endOf, stored } from '../nodes/database'

/** Written rarely: a certificate lives for weeks. */
const NOTE_EVERY_MS = 10 * 60_000
/** A gateway that has said nothing for so long is gone, and its certificate with it. */
const GONE_AFTER_MS = 30 * 60_000

/**
 * Until when each gateway's certificate is good, `gateway:<name>` in `nodes`: whoever evaluates knows its own alone.
 */
export class Certificates {
  #noted = { atMs: Number.NEGATIVE_INFINITY, until: '' }

  constructor(
    private readonly nodes: Database,
    private readonly gateway: { readonly name: string; readonly certificate: () => string | undefined },
    private readonly now: () => Date,
  ) {}

  /** This gateway's; nothing where it speaks no TLS itself. */
  async note(): Promise<void> {
    const pem = this.gateway.certificate()
    if (pem === undefined) return
    const until = new Date(new X509Certificate(pem).validTo).toISOString()
    const atMs = this.now().getTime()
    if (until === this.#noted.until && atMs - this.#noted.atMs < NOTE_EVERY_MS) return
    const { name } = this.gateway
    const document: GatewayDocument = {
      _id: `gateway:${name}`,
      kind: 'gateway',
      name,
      at: new Date(atMs).toISOString(),
      certificateUntil: until,
    }
    await changeDocument(this.nodes, document._id, asGateway, () => document)
    this.#noted = { atMs, until }
  }

  async all(): Promise<{ gateway: string; until: string }[]> {
    const found = (await this.nodes.range('gateway:', endOf('gateway:'))).map(asGateway)
    const isThere = ({ at }: GatewayDocument) => this.now().getTime() - Date.parse(at) < GONE_AFTER_MS
    for (const { _id, _rev } of found.filter((one) => !isThere(one))) {
      if (_rev !== undefined) await this.nodes.remove(_id, _rev)
    }
    return found.filter(isThere).map(({ name, certificateUntil }) => ({ gateway: name, until: certificateUntil }))
  }
}

function asGateway(document: unknown): GatewayDocument {
  return stored(isGatewayDocument, document, 'gateway')
}
