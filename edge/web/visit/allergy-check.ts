import type { AllergyIntolerance, CodeableConcept } from 'fhir/r4'
import { textOf } from '../patient/record'

/** A medicine that meets an allergy: the same substance, or one that the body may take for it. */
export interface AllergyMeeting {
  readonly kind: 'same' | 'class' | 'related'
  /** As the record names the allergy. */
  readonly allergy: string
}

export interface Medicine {
  readonly name: string
  readonly atc?: string | undefined
}

/**
 * Substances that are taken for one another by the body: English and Indonesian names, brands that people say, and the words
 * by which a whole class is recorded. `related` classes share a part of the molecule, and some patients react to both.
 */
const CLASSES: readonly { names: readonly string[]; atc: readonly string[]; related?: readonly string[] }[] = [
  {
    names: ['penicillin', 'amoxicillin', 'ampicillin', 'cloxacillin', 'flucloxacillin', 'benzathine', 'amoxiclav'],
    atc: ['J01C'],
    related: ['cephalosporin'],
  },
  {
    names: ['cephalosporin', 'cefadroxil', 'cefixime', 'ceftriaxone', 'cefalexin', 'cefotaxime', 'cefuroxime'],
    atc: ['J01DB', 'J01DC', 'J01DD'],
    related: ['penicillin'],
  },
  {
    names: ['sulfonamide', 'sulfa', 'cotrimoxazole', 'trimethoprim', 'sulfamethoxazole', 'sulfadoxine', 'bactrim'],
    atc: ['J01E'],
  },
  {
    names: [
      'nsaid',
      'aspirin',
      'asetosal',
      'acetylsalicylic',
      'salicylate',
      'ibuprofen',
      'diclofenac',
      'mefenamic',
      'mefenamat',
      'ketorolac',
      'naproxen',
      'piroxicam',
      'meloxicam',
      'ketoprofen',
      'antalgin',
      'metamizole',
      'oains',
    ],
    atc: ['M01A', 'N02BA', 'B01AC06', 'N02BB'],
  },
  { names: ['macrolide', 'erythromycin', 'azithromycin', 'clarithromycin', 'spiramycin'], atc: ['J01FA'] },
  { names: ['tetracycline', 'doxycycline', 'minocycline', 'oxytetracycline'], atc: ['J01AA'] },
  { names: ['quinolone', 'ciprofloxacin', 'levofloxacin', 'ofloxacin', 'moxifloxacin'], atc: ['J01MA'] },
  { names: ['aceinhibitor', 'captopril', 'lisinopril', 'enalapril', 'ramipril', 'perindopril'], atc: ['C09A'] },
  { names: ['opioid', 'codeine', 'morphine', 'tramadol', 'pethidine'], atc: ['N02A', 'R05DA04'] },
  { names: ['paracetamol', 'acetaminophen', 'panadol', 'sanmol'], atc: ['N02BE01'] },
  { names: ['localanaesthetic', 'lidocaine', 'bupivacaine', 'xylocaine'], atc: ['N01BB'] },
  { names: ['antituberculotic', 'rifampicin'], atc: ['J04AB'] },
]

const ATC = 'http://www.whocc.no/atc'

/** The worst meeting of a medicine with the allergies that hold; undefined where none is known. */
export function meetingOf(
  medicine: Medicine,
  allergies: readonly Pick<AllergyIntolerance, 'code'>[],
): AllergyMeeting | undefined {
  const found = allergies.flatMap(({ code }) => meets(medicine, code) ?? [])
  return (['same', 'class', 'related'] as const).flatMap((kind) => found.filter((one) => one.kind === kind))[0]
}

function meets(medicine: Medicine, code: CodeableConcept | undefined): AllergyMeeting | undefined {
  const allergy = textOf(code)
  if (allergy === undefined) return undefined
  const codes = (code?.coding ?? []).flatMap(({ system, code: atc }) => (system === ATC && atc ? [atc] : []))
  const [ours, theirs] = [
    namesIn(medicine.name),
    namesIn([code?.text, ...(code?.coding ?? []).map(({ display }) => display)].join(' ')),
  ]
  if (medicine.atc !== undefined && codes.some((atc) => medicine.atc?.startsWith(atc))) return { kind: 'same', allergy }
  if (ours.some((name) => theirs.includes(name))) return { kind: 'same', allergy }
  const classes = (names: readonly string[], atcs: readonly string[]) =>
    CLASSES.filter(
      (one) =>
        names.some((name) => one.names.some((known) => spelling(known) === name)) ||
        atcs.some((atc) => one.atc.some((start) => atc.startsWith(start))),
    )
  const [mine, allergic] = [classes(ours, medicine.atc ? [medicine.atc] : []), classes(theirs, codes)]
  if (mine.some((one) => allergic.includes(one))) return { kind: 'class', allergy }
  const isRelated = mine.some(({ related = [] }) =>
    allergic.some(({ names }) => names.some((n) => related.includes(n))),
  )
  return isRelated ? { kind: 'related', allergy } : undefined
}

/** What is no substance, and stands in the names of many. */
const NO_NAMES = new Set(
  ['tablet', 'tab', 'kapsul', 'sirup', 'syrup', 'mg', 'ml', 'salep', 'krim', 'asam', 'acid', 'obat', 'alergi']
    .concat(
      ['allergy', 'forte', 'drops', 'injeksi', 'natrium', 'sodium', 'kalium', 'hcl', 'dan', 'and', 'to', 'the', 'with'],
      ['golongan', 'antibiotik', 'antibiotic', 'terhadap', 'class', 'all', 'semua', 'vitamin', 'substance', 'product'],
    )
    .map(spelling),
)

function namesIn(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .map(spelling)
    .filter((name) => name.length > 3 && !NO_NAMES.has(name))
}

/** Indonesian and English write one substance in two ways: amoksisilin, amoxicillin; sefiksim, cefixime; kodein, codeine. */
function spelling(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll('x', 'ks')
    .replaceAll('ph', 'f')
    .replaceAll('th', 't')
    .replaceAll('rh', 'r')
    .replaceAll(/c(?=[eiy])/g, 's')
    .replaceAll(/ch?/g, 'k')
    .replaceAll('ae', 'e')
    .replaceAll('y', 'i')
    .replaceAll('z', 's')
    .replaceAll('v', 'f')
    .replaceAll('q', 'k')
    .replaceAll(/(.)\1/g, '$1')
    .replace(/(ine|ina|in|a|e|um|s)$/, '')
}
