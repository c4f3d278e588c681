/** Resources that belong to the facility itself and not to one of its patients. */
export const FACILITY_TYPES = [
  'Device',
  'Location',
  'Medication',
  'Organization',
  'Practitioner',
  'PractitionerRole',
] as const
