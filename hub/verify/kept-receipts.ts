import type { Receipt, ReceiptDocument } from '../../schemas/generated/types'
import { isReceiptDocument } from '../../schemas/generated/validators'
import type { CouchDatabase } from '../couch/couch-database'

/** Gateways that answer one node at the same moment are two at the most; a third try meets nobody. */
const MOST_TRIES = 5

/** The newest receipt of each node, in `nodes` as `receipt:<nodeName>`. */
export class KeptReceipts {
  constructor(private readonly nodes: CouchDatabase) {}

  async keep(nodeName: string, receipt: Receipt): Promise<void> {
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const before = await this.#read(nodeName)
      if (before && before.receipt.at > receipt.at) return
      const rev = before?._rev
      const document: ReceiptDocument = {
        _id: `receipt:${nodeName}`,
        ...(rev !== undefined && { _rev: rev }),
        kind: 'receipt',
        nodeName,
        receipt,
      }
      if ((await this.nodes.put(document)).kind === 'written') return
    }
    throw new Error('a receipt could not be kept: another program keeps changing it')
  }

  async of(nodeName: string): Promise<Receipt | undefined> {
    return (await this.#read(nodeName))?.receipt
  }

  async #read(nodeName: string): Promise<ReceiptDocument | undefined> {
    const found = await this.nodes.get(`receipt:${nodeName}`)
    if (found === undefined || isReceiptDocument(found)) return found
    throw new Error('a receipt in the database is not of its form')
  }
}
