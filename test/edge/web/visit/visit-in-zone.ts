import { birthDateOf } from '../../../../edge/web/patients/patient-form'
import { begun, EMPTY_VISIT } from '../../../../edge/web/visit/visit-form'
import { visitTransaction } from '../../../../edge/web/visit/visit-transaction'
import { isoWeekOf, weekText } from '../../../../protocol/iso-week'
import { localDay } from '../../../../protocol/written-date'

/** Prints what a visit at a moment has of times, in the zone that TZ names: a process has one zone from its start on. */
const at = new Date(process.argv[2] ?? '')
const form = {
  ...begun(EMPTY_VISIT, at),
  ...(process.argv[3] && { startedAt: process.argv[3] }),
  complaint: 'Batuk',
  vitals: { pulse: '80' },
  diagnoses: [{ key: '1', title: 'ISPA', isLasting: false }],
  prescriptions: [{ key: '1', medicine: 'Parasetamol', dosage: '', because: '' }],
  immunizations: [{ key: '1', vaccine: 'BCG', batch: '' }],
  allergies: [{ key: '1', substance: 'Udang', reaction: '', isSevere: false }],
  notes: 'Kontrol',
}
const words = { vital: (name: string) => name, note: 'Catatan', despite: (because: string) => because }
const text = JSON.stringify(visitTransaction('10100000018', form, at, words))
const times = [...text.matchAll(/"(\d{4}-\d{2}-\d{2}T[^"]*)"/g)].map(([, time = '']) => time)
const start = /"period":\{"start":"([^"]*)"/.exec(text)?.[1]
const week = isoWeekOf(start)
process.stdout.write(
  JSON.stringify({
    start,
    times: [...new Set(times)],
    count: times.length,
    week: week && weekText(week),
    today: localDay(at),
    monthOld: birthDateOf('1 bulan', at),
  }),
)
