import type { PersonRole } from '../../schemas/generated/types'

/** What a request touches. */
export type Area =
  /** Pages, and what says nothing of anybody. */
  | 'public'
  /** How the edge fares; for whoever is signed in. */
  | 'own'
  /** Who the patients are. */
  | 'patients'
  /** What is the matter with them. */
  | 'clinical'
  /** People, tokens, the facility itself, and what changes many records at once. */
  | 'settings'

/** The one table of who may do what. `own` and `public` are for each of them. */
export const MAY: Readonly<Record<PersonRole, Readonly<Record<Exclude<Area, 'public' | 'own'>, boolean>>>> = {
  registrar: { patients: true, clinical: false, settings: false },
  clinician: { patients: true, clinical: true, settings: false },
  admin: { patients: true, clinical: true, settings: true },
}

export function mayDo(role: PersonRole, area: Area): boolean {
  return area === 'public' || area === 'own' || MAY[role][area]
}

/** For a screen, so that it shows what can be done; nobody yet means everybody. */
export function areasOf(role: PersonRole | undefined): ('patients' | 'clinical' | 'settings')[] {
  return (['patients', 'clinical', 'settings'] as const).filter((area) => role === undefined || MAY[role][area])
}

/** Resources that a registration desk works with. */
const PATIENT_TYPES = ['Patient', 'RelatedPerson', 'Person', 'Coverage', 'Appointment', 'AppointmentResponse']
/** Written by whoever runs the facility, read by all. */
const FACILITY_TYPES = ['Organization', 'Location', 'Practitioner', 'PractitionerRole']

/** Of one FHIR interaction. What is on no list is clinical. */
export function areaOfType(type: string, isChange: boolean): Area {
  if (type === 'metadata') return 'own'
  if (PATIENT_TYPES.includes(type)) return 'patients'
  if (FACILITY_TYPES.includes(type)) return isChange ? 'settings' : 'own'
  return 'clinical'
}

/** Addresses of the edge itself: the first that fits. What none fits is `settings`: refuse by default. */
const OWN_ROUTES: readonly [method: RegExp, path: RegExp, area: Area][] = [
  [/^(GET|HEAD)$/, /^\/(healthz|readyz|openapi\.json)$/, 'public'],
  // For a program, with a token of its own.
  [/^(GET|HEAD)$/, /^\/metrics$/, 'public'],
  [/^(GET|HEAD|POST|PUT|DELETE)$/, /^\/app\/session(\/password)?$/, 'public'],
  [/^(GET|HEAD)$/, /^\/(status|status\/stream|refused|verify)$/, 'own'],
  [/^(GET|HEAD)$/, /^\/app\/(changes|budget|about)$/, 'own'],
  [/^POST$/, /^\/verify$/, 'own'],
  [/^(GET|HEAD|PUT|POST|DELETE)$/, /^\/app\/drafts(\/[^/]+)?$/, 'own'],
  [/^(GET|HEAD)$/, /^\/app\/patients$/, 'patients'],
  [/^POST$/, /^\/app\/duplicates$/, 'patients'],
  [/^(GET|HEAD)$/, /^\/app\/documents\/[^/]+\/[^/]+\/[^/]+$/, 'clinical'],
  [/^(GET|HEAD)$/, /^\/disclosures$/, 'clinical'],
  [/^POST$/, /^\/disclosures\/refresh$/, 'clinical'],
  [/^(GET|HEAD|POST|DELETE)$/, /^\/imports(\/[^/]+)?$/, 'clinical'],
]

/**
 * What a request touches by its method and path. A bundle is `own` here: its entries are looked at one by one, where they are
 * understood.
 */
export function areaOf(method: string, path: string): Area {
  const [, first, type = '', ...rest] = path.split('/')
  if (first === 'fhir') {
    if (path === '/fhir' || path === '/fhir/') return 'own'
    const isSearch = rest[0] === '_search'
    if (rest[1] === '$everything') return 'clinical'
    return areaOfType(type, !isSearch && method !== 'GET' && method !== 'HEAD')
  }
  return OWN_ROUTES.find(([methods, paths]) => methods.test(method) && paths.test(path))?.[2] ?? 'settings'
}
