import type { Patient } from 'fhir/r4'
import { linkedMrns, localFileOf } from '../../../../edge/web/imports/local-file'
import { validateResource } from '../../../../schemas/fhir/validate-resource'

const BROUGHT: Patient = {
  resourceType: 'Patient',
  id: '10100000018',
  meta: { versionId: '1-a', tag: [{ system: 'https://lontar.health/fhir/CodeSystem/imported-from', code: '101' }] },
  identifier: [
    {
      system: 'https://fhir.kemkes.go.id/id/nik',
      value: '3201010101010001',
      assigner: { reference: 'Organization/101.a' },
    },
    { type: { coding: [{ code: 'MR' }] }, value: '10100000018' },
  ],
  name: [{ use: 'official', text: 'Sri Lestari' }],
  gender: 'female',
  birthDate: '1980-05-12',
  generalPractitioner: [{ reference: 'Practitioner/101.b' }],
  managingOrganization: { reference: 'Organization/101.a' },
  contact: [{ name: { text: 'Ibu' }, organization: { reference: 'Organization/101.a' } }],
}
const seealso = (mrn: string) => ({ type: 'seealso' as const, other: { reference: `Patient/${mrn}` } })

test('a local file says who it is, and points to the first record', () => {
  const file = localFileOf(BROUGHT)
  expect(file).toEqual({
    resourceType: 'Patient',
    active: true,
    identifier: [{ system: 'https://fhir.kemkes.go.id/id/nik', value: '3201010101010001' }],
    name: BROUGHT.name,
    gender: 'female',
    birthDate: '1980-05-12',
    contact: [{ name: { text: 'Ibu' } }],
    link: [seealso('10100000018')],
  })
  expect(validateResource(file)).toMatchObject({ ok: true })
})

test('nothing of the other facility itself comes along', () => {
  expect(JSON.stringify(localFileOf(BROUGHT))).not.toMatch(/101\.[ab]|imported-from|versionId/)
})

test('of a second file the first record stands first', () => {
  expect(localFileOf({ ...BROUGHT, id: '10200000016', link: [seealso('10100000018')] }).link).toEqual([
    seealso('10100000018'),
    seealso('10200000016'),
  ])
})

test('reads links to patients alone, each once', () => {
  const link = [seealso('10100000018'), seealso('10100000018'), { type: 'seealso' as const, other: { display: 'x' } }]
  expect(linkedMrns({ link })).toEqual(['10100000018'])
})
