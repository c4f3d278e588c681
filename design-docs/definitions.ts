/** One function in a design document: where it is written, and the parameters that CouchDB calls it with. */
export interface FunctionSource {
  readonly file: string
  readonly name: string
  readonly parameters: string
}

export interface DesignDocSource {
  readonly database: 'ehr' | 'audit' | 'nodes'
  readonly name: string
  readonly options?: { readonly partitioned: boolean }
  readonly validate?: FunctionSource
  readonly filters?: Readonly<Record<string, FunctionSource>>
  readonly maps?: Readonly<Record<string, FunctionSource>>
  /** For views by their name: CouchDB's own, for a JavaScript one is slow. */
  readonly reduces?: Readonly<Record<string, '_count' | '_stats' | '_sum'>>
}

const VALIDATE = 'newDoc, oldDoc, userCtx, secObj'

/**
 * Who and what are two design documents, so that each refusal comes from one of them, and the small one can be read at
 * a glance by whoever audits it.
 */
export const DESIGN_DOCS: readonly DesignDocSource[] = [
  {
    database: 'ehr',
    name: 'ownership',
    validate: { file: 'ehr/ownership', name: 'ownership', parameters: VALIDATE },
  },
  {
    database: 'ehr',
    name: 'envelope',
    validate: { file: 'ehr/envelope', name: 'envelope', parameters: VALIDATE },
  },
  {
    database: 'ehr',
    name: 'own',
    filters: { own: { file: 'ehr/own', name: 'own', parameters: 'doc, req' } },
  },
  {
    database: 'ehr',
    name: 'links',
    // A link leads from one patient's partition to another's, so the index spans all of them.
    options: { partitioned: false },
    maps: { 'by-target': { file: 'ehr/links-by-target', name: 'linksByTarget', parameters: 'doc' } },
  },
  {
    database: 'ehr',
    name: 'public-health',
    options: { partitioned: false },
    maps: { counts: { file: 'ehr/counts', name: 'counts', parameters: 'doc' } },
    reduces: { counts: '_sum' },
  },
  {
    database: 'audit',
    name: 'append-only',
    validate: { file: 'audit/append-only', name: 'appendOnly', parameters: VALIDATE },
  },
  {
    database: 'audit',
    name: 'entries',
    maps: {
      'by-time': { file: 'audit/entries-by-time', name: 'entriesByTime', parameters: 'doc' },
      'by-mrn': { file: 'audit/entries-by-mrn', name: 'entriesByMrn', parameters: 'doc' },
      'by-node': { file: 'audit/entries-by-node', name: 'entriesByNode', parameters: 'doc' },
      'by-operator': { file: 'audit/entries-by-operator', name: 'entriesByOperator', parameters: 'doc' },
      'by-kind': { file: 'audit/entries-by-kind', name: 'entriesByKind', parameters: 'doc' },
    },
  },
  {
    database: 'audit',
    name: 'chains',
    maps: {
      'by-chain': { file: 'audit/chains-by-chain', name: 'chainsByChain', parameters: 'doc' },
      named: { file: 'audit/chains-named', name: 'chainsNamed', parameters: 'doc' },
    },
    reduces: { 'by-chain': '_stats', named: '_stats' },
  },
  {
    database: 'audit',
    name: 'reads',
    maps: {
      'disclosures-by-owner': {
        file: 'audit/disclosures-by-owner',
        name: 'disclosuresByOwner',
        parameters: 'doc',
      },
      'broken-glass': { file: 'audit/broken-glass', name: 'brokenGlass', parameters: 'doc' },
    },
  },
  {
    database: 'nodes',
    name: 'registrations',
    maps: { waiting: { file: 'nodes/waiting', name: 'waiting', parameters: 'doc' } },
  },
  {
    database: 'nodes',
    name: 'refusals',
    maps: {
      'by-node': { file: 'nodes/refusals-by-node', name: 'refusalsByNode', parameters: 'doc' },
      'by-reason': { file: 'nodes/refusals-by-reason', name: 'refusalsByReason', parameters: 'doc' },
    },
    reduces: { 'by-node': '_count', 'by-reason': '_count' },
  },
]
