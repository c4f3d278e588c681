/** A node's name, which is also its CouchDB user's: `node-101`. */
export function nodeNameOf(externalId: string): string {
  return `node-${externalId}`
}

/** The roles of a node's CouchDB user; the validators read the second one. */
export function rolesOf(externalId: string): string[] {
  return ['node', `facility:${externalId}`]
}

/** Undefined for what is no node's name. */
export function externalIdOfNode(nodeName: string): string | undefined {
  return isNodeName(nodeName) ? nodeName.slice('node-'.length) : undefined
}

export function isNodeName(text: string): boolean {
  return /^node-[A-Z0-9]{2,12}$/.test(text)
}
