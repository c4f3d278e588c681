import { maskMrns } from '../../runtime/log'

test.each([
  ['/fhir/Patient/10100000042', '/fhir/Patient/***'],
  ['/fhir/Patient/10100000042/$everything', '/fhir/Patient/***/$everything'],
  ['/fhir/Observation/10100000042.budi-1980', '/fhir/Observation/***'],
  ['/fhir/Patient/AB12CD0000042', '/fhir/Patient/***'],
  ['/fhir/Patient/%31%30%31%30%30%30%30%30%30%34%32', '/fhir/Patient/***'],
  ['/fhir/Patient/%2531%2530%2531%30%30%30%30%30%30%34%32', '/fhir/Patient/***'],
  ['/sync/ehr/_bulk_docs', '/sync/ehr/_bulk_docs'],
  ['/operator/nodes/node-101/suspend', '/operator/nodes/node-101/suspend'],
])('law 10: %s is logged as %s', (path, logged) => {
  expect(maskMrns(path)).toBe(logged)
})
