import { ROLES, type Role } from '../hub/access/caller'
import { AREAS, ROUTES, type Row, type Verdict } from '../hub/access/table'

const PROOFS: Readonly<Record<Row['proof'], string>> = {
  nothing: 'nothing',
  claim: 'claim (Bearer)',
  'node password': 'node name and sync password (Basic)',
  operator: 'account (Basic or session)',
  signature: 'signature (RFC 9421)',
  'metrics token': 'token (Bearer)',
}

/** hub/access/table.ts as docs/security.md shows it; a test holds the page against it. */
export function accessTable(): string {
  const rows: [string, Row][] = [
    ...Object.entries(ROUTES).map(([name, row]): [string, Row] => [
      `\`${name.replace(/:([A-Za-z]+)/g, '{$1}')}\``,
      row,
    ]),
    ...Object.entries(AREAS).map(([area, row]): [string, Row] => [`anything else below \`${area}\``, row]),
  ]
  return [
    `| route | is known by | ${ROLES.join(' | ')} |`,
    `| --- | --- |${' --- |'.repeat(ROLES.length)}`,
    ...rows.map(
      ([name, row]) => `| ${name} | ${PROOFS[row.proof]} | ${ROLES.map((role) => cell(row, role)).join(' | ')} |`,
    ),
  ].join('\n')
}

function cell({ cells }: Row, role: Role): string {
  return WORDS[cells[role]] ?? `\`${cells[role]}\``
}

/** The common ones by their status, so that the others are seen. */
const WORDS: Partial<Record<Verdict, string>> = {
  in: '**in**',
  UNAUTHENTICATED: '401',
  SIGNATURE_MISSING: '401',
  FORBIDDEN: '403',
}

if (require.main === module) process.stdout.write(`${accessTable()}\n`)
