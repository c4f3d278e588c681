import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The description of a program's HTTP interface: docs/openapi.yaml or docs/openapi-edge.yaml as one JSON (OpenAPI 3.1). */
export function openApiOf(program: 'hub' | 'edge'): string {
  return readFileSync(join(__dirname, 'generated', `openapi-${program}.json`), 'utf8')
}
