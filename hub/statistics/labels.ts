import { BLOCK_TITLES } from './block-titles'

/** Of the codes that are used here most: the app's own (ATC), and CVX. */
const VACCINES: Readonly<Record<string, string>> = {
  'atc:J07AG01': 'Hib',
  'atc:J07AL02': 'Pneumococcus',
  'atc:J07AM51': 'Tetanus and diphtheria',
  'atc:J07AN01': 'BCG',
  'atc:J07AP03': 'Typhoid',
  'atc:J07BA02': 'Japanese encephalitis',
  'atc:J07BB02': 'Influenza',
  'atc:J07BC01': 'Hepatitis B',
  'atc:J07BD53': 'Measles and rubella',
  'atc:J07BF03': 'Polio, injected',
  'atc:J07BF04': 'Polio, oral',
  'atc:J07BG01': 'Rabies',
  'atc:J07BH01': 'Rotavirus',
  'atc:J07BM01': 'HPV',
  'atc:J07BN': 'COVID-19',
  'atc:J07CA11': 'DPT-HB-Hib',
  'cvx:02': 'Polio, oral',
  'cvx:03': 'Measles, mumps, rubella',
  'cvx:04': 'Measles and rubella',
  'cvx:08': 'Hepatitis B',
  'cvx:10': 'Polio, injected',
  'cvx:19': 'BCG',
  'cvx:20': 'DTaP',
  'cvx:45': 'Hepatitis B',
}

const OTHER = 'No code that counts here'

/** What there is a name of, by code. */
export const LABELS: ReadonlyMap<string, string> = new Map([
  ...BLOCK_TITLES.trim()
    .split('\n')
    .map((line): [string, string] => [line.slice(0, 7), line.slice(8)]),
  ...Object.entries(VACCINES),
  ['other', OTHER],
])

/** What a group is; undefined for a vaccine that is seldom given here. */
export function labelOf(group: string): string | undefined {
  return LABELS.get(group)
}
