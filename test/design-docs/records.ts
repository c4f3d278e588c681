/** Documents of facility 101 that the validators let pass. */
export const PATIENT = {
  _id: '10100000042:Patient',
  type: 'Patient',
  mrn: '10100000042',
  facility: '101',
  recordedAt: '2026-11-22T07:41:03.120Z',
  resource: { resourceType: 'Patient', id: '10100000042' },
}

export const OBSERVATION = {
  _id: '10100000042:Observation:01J9ZK3V5N8Q2W4E6R8T0Y1U3I',
  type: 'Observation',
  mrn: '10100000042',
  facility: '101',
  recordedAt: '2026-11-22T07:41:03.120Z',
  resource: { resourceType: 'Observation', id: '10100000042.01J9ZK3V5N8Q2W4E6R8T0Y1U3I' },
}

export const ORGANIZATION = {
  _id: '101:Organization:main',
  type: 'Organization',
  facility: '101',
  recordedAt: '2026-11-22T07:41:03.120Z',
  resource: { resourceType: 'Organization', id: '101.main' },
}

/** The same document as another facility would write it. */
export function of(facility: string, doc: typeof OBSERVATION): typeof OBSERVATION {
  const rename = (text: string) => text.replace(/^101/, facility)
  return {
    ...doc,
    _id: rename(doc._id),
    mrn: rename(doc.mrn),
    facility,
    resource: { ...doc.resource, id: rename(doc.resource.id) },
  }
}
