/** What a ministry asks, over all 104 weeks unless it says otherwise. */
export const QUESTIONS: readonly string[] = [
  'visits?by=none',
  'visits?by=week',
  'visits?by=facility',
  'visits?by=district',
  'visits?by=facility,week&weeks=12',
  'visits?by=week&facility=100',
  'diagnoses?by=group',
  'diagnoses?by=group,week&weeks=26',
  'diagnoses?by=district&group=A92-A99',
  'diagnoses?by=facility&group=A92-A99',
  'diagnoses?by=group&facility=100',
  'immunizations?by=group',
  'immunizations?by=district',
  'births?by=week',
  'births?by=facility',
  'deaths?by=district',
]
