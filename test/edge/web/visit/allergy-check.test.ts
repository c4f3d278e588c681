import { meetingOf } from '../../../../edge/web/visit/allergy-check'
import { atcOfMedicine, MEDICINE_NAMES } from '../../../../edge/web/visit/medicines'

const allergicTo = (text: string) => [{ code: { text } }]
const kindOf = (medicine: string, allergy: string) =>
  meetingOf({ name: medicine, atc: atcOfMedicine(medicine) }, allergicTo(allergy))?.kind

test.each([
  ['Amoksisilin 500 mg', 'Amoxicillin', 'same'],
  ['amoxicillin 500', 'alergi amoksisilin', 'same'],
  ['Amoksisilin 500 mg', 'Penisilin', 'class'],
  ['Amoksisilin 500 mg', 'Allergy to penicillin', 'class'],
  ['Ampisilin', 'Amoxicillin', 'class'],
  ['Sefadroksil 500 mg', 'Penisilin', 'related'],
  ['Cefixime', 'amoxicillin', 'related'],
  ['Ibuprofen 400 mg', 'Aspirin', 'class'],
  ['Asam mefenamat 500 mg', 'NSAID', 'class'],
  ['Natrium diklofenak 50 mg', 'Ibuprofen', 'class'],
  ['Kotrimoksazol 480 mg', 'Sulfa', 'class'],
  ['cotrimoxazole forte', 'kotrimoksazol', 'same'],
  ['Azitromisin 500 mg', 'Erythromycin', 'class'],
  ['Siprofloksasin 500 mg', 'ciprofloxacin', 'same'],
  ['Kaptopril 25 mg', 'Captopril', 'same'],
  ['Lisinopril 10 mg', 'kaptopril', 'class'],
  ['Kodein 10 mg', 'codeine', 'same'],
  ['Parasetamol 500 mg', 'Paracetamol', 'same'],
  ['Parasetamol 500 mg', 'Penisilin', undefined],
  ['Amlodipin 5 mg', 'Udang', undefined],
  ['Asam folat 1 mg', 'Asam mefenamat', undefined],
  ['Amoksisilin 500 mg', 'Debu rumah', undefined],
  ['Ibuprofen 400 mg', 'Parasetamol', undefined],
])('%s for somebody allergic to %s: %s', (medicine, allergy, kind) => {
  expect(kindOf(medicine, allergy)).toBe(kind)
})

test('codes are compared before names', () => {
  const allergies = [
    { code: { text: 'Alergi obat', coding: [{ system: 'http://www.whocc.no/atc', code: 'J01CA04' }] } },
  ]
  expect(meetingOf({ name: 'Amoksan', atc: 'J01CA04' }, allergies)).toEqual({ kind: 'same', allergy: 'Alergi obat' })
  expect(meetingOf({ name: 'Ampi', atc: 'J01CA01' }, allergies)?.kind).toBe('class')
  expect(meetingOf({ name: 'Amoksan', atc: 'C08CA01' }, allergies)).toBeUndefined()
})

test('the worst of several is told', () => {
  const allergies = [...allergicTo('Sefadroksil'), ...allergicTo('Penisilin'), ...allergicTo('Udang')]
  expect(meetingOf({ name: 'Amoksisilin', atc: 'J01CA04' }, allergies)).toEqual({ kind: 'class', allergy: 'Penisilin' })
})

test('an allergy to one medicine of the list does not warn of those of another kind', () => {
  const met = MEDICINE_NAMES.filter((name) => kindOf(name, 'Asam mefenamat') !== undefined)
  expect(met).toEqual(['Ibuprofen 400 mg', 'Asam mefenamat 500 mg', 'Natrium diklofenak 50 mg', 'Asetosal 80 mg'])
})
