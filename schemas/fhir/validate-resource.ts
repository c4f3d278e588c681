import type { Resource } from 'fhir/r4'
import { type Issue, issueOf } from './issue'
import { isAcceptedType } from './resource-types'

export type Validation = { ok: true; resource: Resource } | { ok: false; issues: Issue[] }

/** More issues than this are not reported. */
const MAX_ISSUES = 20

type Validators = typeof import('../generated/fhir-validators')
let loaded: ReadonlyMap<string, Validators['Patient']> | undefined

/** Loaded with the first resource: they take 20 MB and half a second, and most commands and restarts validate nothing. */
function validators(): ReadonlyMap<string, Validators['Patient']> {
  loaded ??= new Map(Object.entries(require('../generated/fhir-validators') as Validators))
  return loaded
}

/** Not DomainResources, so they can't be contained (https://hl7.org/fhir/R4/resource.html). */
const NEVER_CONTAINED = new Set(['Binary', 'Bundle', 'Parameters'])

/**
 * Holds a resource of an accepted type against FHIR R4: its elements, their types and number, dates that exist, and codes of
 * required bindings. Not looked at: invariants (FHIRPath), profiles, terminologies outside FHIR, and what references
 * point to. No issue holds a value.
 */
export function validateResource(resource: unknown): Validation {
  const type = typeOf(resource)
  if (type === undefined || !isAcceptedType(type)) {
    return {
      ok: false,
      issues: [{ expression: 'Resource.resourceType', diagnostics: 'must be a type that is kept here' }],
    }
  }
  const issues = distinct([
    ...issuesOf(resource, type, type),
    ...containedIn(resource).flatMap((part, index) => issuesOfContained(part, `${type}.contained[${index}]`)),
  ])
  return issues.length === 0
    ? { ok: true, resource: resource as Resource }
    : { ok: false, issues: issues.slice(0, MAX_ISSUES) }
}

function issuesOfContained(resource: unknown, expression: string): Issue[] {
  const type = typeOf(resource)
  if (type === undefined || NEVER_CONTAINED.has(type) || !validators().has(type)) {
    return [
      {
        expression: `${expression}.resourceType`,
        diagnostics: 'must be a resource type of FHIR R4 that can be contained',
      },
    ]
  }
  const nested = containedIn(resource).length > 0
  return [
    ...issuesOf(resource, type, expression),
    // dom-2
    ...(nested
      ? [{ expression: `${expression}.contained`, diagnostics: 'must not stand in a contained resource' }]
      : []),
  ]
}

function issuesOf(resource: unknown, type: string, expression: string): Issue[] {
  const validator = validators().get(type)
  try {
    if (!validator || validator(resource)) return []
    return (validator.errors ?? []).flatMap((error) => issueOf(error, expression) ?? [])
  } catch (error) {
    // The validators call one another as deep as elements nest, thousands of levels before the stack ends.
    if (error instanceof RangeError) return [{ expression, diagnostics: 'must not be nested so deeply' }]
    throw error
  }
}

function distinct(issues: Issue[]): Issue[] {
  return [...new Map(issues.reverse().map((issue) => [issue.expression, issue])).values()].reverse()
}

function typeOf(resource: unknown): string | undefined {
  if (typeof resource !== 'object' || resource === null || !('resourceType' in resource)) return undefined
  return typeof resource.resourceType === 'string' ? resource.resourceType : undefined
}

function containedIn(resource: unknown): unknown[] {
  if (typeof resource !== 'object' || resource === null || !('contained' in resource)) return []
  return Array.isArray(resource.contained) ? resource.contained : []
}
