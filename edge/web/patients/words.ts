import type { Bilingual } from '../../../web-kit/words'

const en = {
  title: 'Patients',
  search: 'Find a patient',
  searchHint: 'Name, MRN, phone or birth date (day-month-year)',
  none: 'Nobody is found by this. Try a part of the name, or register the patient.',
  name: 'Name',
  mrn: 'MRN',
  born: 'Born',
  sex: 'Sex',
  female: 'female',
  male: 'male',
  other: 'other',
  unknown: 'not known',
}

export const patientsWords: Bilingual<typeof en> = {
  en,
  id: {
    title: 'Pasien',
    search: 'Cari pasien',
    searchHint: 'Nama, nomor rekam medis, telepon, atau tanggal lahir (tanggal-bulan-tahun)',
    none: 'Tidak ditemukan. Coba sebagian nama, atau daftarkan pasien.',
    name: 'Nama',
    mrn: 'No. RM',
    born: 'Lahir',
    sex: 'Jenis kelamin',
    female: 'perempuan',
    male: 'laki-laki',
    other: 'lainnya',
    unknown: 'tidak diketahui',
  },
}
