/** The vital signs that are measured here: their LOINC code, UCUM unit, and which values can be. */
export interface VitalSign {
  readonly loinc: string
  readonly display: string
  readonly ucum: string
  /** As people write the unit. */
  readonly unit: string
  readonly decimals: 0 | 1
  /** Outside of these no living person is: a slip of the finger, and refused. */
  readonly hard: readonly [least: number, most: number]
  /** Outside of these it may be so, and somebody says that it is. From this age in years on; the last that fits. */
  readonly soft: readonly (readonly [fromYears: number, least: number, most: number])[]
}

export const VITAL_SIGNS = {
  systolic: {
    loinc: '8480-6',
    display: 'Systolic blood pressure',
    ucum: 'mm[Hg]',
    unit: 'mmHg',
    decimals: 0,
    hard: [30, 300],
    soft: [
      [0, 60, 110],
      [1, 70, 120],
      [6, 80, 130],
      [13, 90, 180],
    ],
  },
  diastolic: {
    loinc: '8462-4',
    display: 'Diastolic blood pressure',
    ucum: 'mm[Hg]',
    unit: 'mmHg',
    decimals: 0,
    hard: [10, 200],
    soft: [
      [0, 30, 75],
      [1, 35, 80],
      [6, 45, 90],
      [13, 50, 110],
    ],
  },
  pulse: {
    loinc: '8867-4',
    display: 'Heart rate',
    ucum: '/min',
    unit: '/min',
    decimals: 0,
    hard: [15, 320],
    soft: [
      [0, 90, 190],
      [1, 70, 160],
      [6, 60, 130],
      [13, 45, 120],
    ],
  },
  breathing: {
    loinc: '9279-1',
    display: 'Respiratory rate',
    ucum: '/min',
    unit: '/min',
    decimals: 0,
    hard: [3, 120],
    soft: [
      [0, 25, 60],
      [1, 18, 40],
      [6, 14, 30],
      [13, 10, 24],
    ],
  },
  temperature: {
    loinc: '8310-5',
    display: 'Body temperature',
    ucum: 'Cel',
    unit: '°C',
    decimals: 1,
    hard: [25, 45],
    soft: [[0, 35.5, 40]],
  },
  oxygen: {
    loinc: '59408-5',
    display: 'Oxygen saturation in Arterial blood by Pulse oximetry',
    ucum: '%',
    unit: '%',
    decimals: 0,
    hard: [30, 100],
    soft: [[0, 90, 100]],
  },
  weight: {
    loinc: '29463-7',
    display: 'Body weight',
    ucum: 'kg',
    unit: 'kg',
    decimals: 1,
    hard: [0.3, 400],
    soft: [
      [0, 2, 13],
      [1, 6, 30],
      [6, 14, 70],
      [13, 28, 150],
    ],
  },
  height: {
    loinc: '8302-2',
    display: 'Body height',
    ucum: 'cm',
    unit: 'cm',
    decimals: 1,
    hard: [20, 260],
    soft: [
      [0, 40, 85],
      [1, 65, 130],
      [6, 100, 180],
      [13, 130, 205],
    ],
  },
} as const satisfies Record<string, VitalSign>

export type VitalName = keyof typeof VITAL_SIGNS
export const VITAL_NAMES = Object.keys(VITAL_SIGNS) as readonly VitalName[]

export const BLOOD_PRESSURE = { loinc: '85354-9', display: 'Blood pressure panel with all children optional' }

export type Plausibility =
  | { readonly kind: 'fits' }
  /** It may be so: is it really? */
  | { readonly kind: 'unusual'; readonly least: number; readonly most: number }
  | { readonly kind: 'impossible'; readonly least: number; readonly most: number }
  | { readonly kind: 'noNumber' }

/** What was typed, with a comma or a point; undefined where it is no number. */
export function numberIn(typed: string): number | undefined {
  const text = typed.trim().replace(',', '.')
  return /^\d{1,4}(\.\d{1,2})?$/.test(text) ? Number(text) : undefined
}

/** @param years  the patient's age; an adult is assumed where it is not known */
export function plausibilityOf(name: VitalName, typed: string, years: number | undefined): Plausibility {
  const value = numberIn(typed)
  if (value === undefined) return { kind: 'noNumber' }
  const { hard, soft }: VitalSign = VITAL_SIGNS[name]
  if (value < hard[0] || value > hard[1]) return { kind: 'impossible', least: hard[0], most: hard[1] }
  const [, least, most] = soft.findLast(([from]) => (years ?? 30) >= from) ?? [0, ...hard]
  return value < least || value > most ? { kind: 'unusual', least, most } : { kind: 'fits' }
}
