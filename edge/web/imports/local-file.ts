import type { Identifier, Patient } from 'fhir/r4'

/**
 * The beginning of this facility's own file of a patient who was brought here (design, section 3): what says who it is, and
 * the link to the first record. References to people and organizations of the other facility mean nothing here, and its
 * MRN is in the link.
 */
export function localFileOf(brought: Patient): Patient {
  const { name, telecom, gender, birthDate, address, maritalStatus, communication } = brought
  const contact = brought.contact?.map(({ organization: _, ...person }) => person)
  const identifier = brought.identifier
    ?.filter((one) => !isMedicalRecordNumber(one))
    .map(({ assigner: _, ...one }) => one)
  return {
    resourceType: 'Patient',
    active: true,
    ...(identifier?.length && { identifier }),
    ...(name && { name }),
    ...(telecom && { telecom }),
    ...(gender && { gender }),
    ...(birthDate !== undefined && { birthDate }),
    ...(address && { address }),
    ...(maritalStatus && { maritalStatus }),
    ...(contact?.length && { contact }),
    ...(communication && { communication }),
    link: linkedMrns(brought)
      .concat(brought.id ?? [])
      .map((mrn) => ({ type: 'seealso', other: { reference: `Patient/${mrn}` } })),
  }
}

/** The MRNs of the records that a Patient says are the same person's, the first one first. */
export function linkedMrns({ link = [] }: Pick<Patient, 'link'>): string[] {
  return [...new Set(link.flatMap(({ other }) => /^Patient\/([A-Z0-9]+)$/.exec(other.reference ?? '')?.[1] ?? []))]
}

function isMedicalRecordNumber({ type }: Identifier): boolean {
  return type?.coding?.some(({ code }) => code === 'MR') ?? false
}
