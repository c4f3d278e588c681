/** The national schedule, and what adults get, with ATC codes. */
const VACCINES: readonly (readonly [name: string, atc: string])[] = [
  ['Hepatitis B (HB-0)', 'J07BC01'],
  ['BCG', 'J07AN01'],
  ['Polio tetes (OPV)', 'J07BF04'],
  ['Polio suntik (IPV)', 'J07BF03'],
  ['DPT-HB-Hib', 'J07CA11'],
  ['PCV', 'J07AL02'],
  ['Rotavirus', 'J07BH01'],
  ['Campak-rubela (MR)', 'J07BD53'],
  ['Japanese encephalitis (JE)', 'J07BA02'],
  ['DT', 'J07AM51'],
  ['Tetanus-difteri (Td)', 'J07AM51'],
  ['HPV', 'J07BM01'],
  ['Influenza', 'J07BB02'],
  ['COVID-19', 'J07BN'],
  ['Rabies (VAR)', 'J07BG01'],
  ['Tifoid', 'J07AP03'],
]

export const VACCINE_NAMES = VACCINES.map(([name]) => name)

export function atcOfVaccine(name: string): string | undefined {
  return VACCINES.find(([known]) => known === name.trim())?.[1]
}
