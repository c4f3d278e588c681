import type { Bilingual } from '../../../web-kit/bilingual'

const en = {
  title: 'Records',
  note: 'Each reading is written into the audit under your name before anything is shown, and the facility of the patient sees that the ministry has read it. What the patient’s consent keeps back stays back.',
  purpose: 'Purpose',
  reason: 'Reason',
  linked: 'With the records that are linked with it',
  read: 'Read the record',
  glass: 'This sets the patient’s consent aside',
  glassNote: 'Only in an emergency. It needs a reason, and somebody looks into each of these.',
  breakGlass: 'Break the glass and read',
  partial: 'A part of the record is kept back by the patient’s consent.',
  born: 'born {{at}}',
  deceased: 'died {{at}}',
  gender: { male: 'male', female: 'female', other: 'other', unknown: 'unknown' },
  isLinked: 'linked',
  empty: 'Nothing else is in this record.',
  cancelled: 'entered in error',
  all: 'Show all {{count}}',
}

export const recordsWords: Bilingual<typeof en> = {
  en,
  id: {
    title: 'Rekam medis',
    note: 'Setiap pembacaan dicatat dalam audit atas nama Anda sebelum apa pun ditampilkan, dan fasilitas pasien melihat bahwa kementerian membacanya. Yang ditahan oleh persetujuan pasien tetap ditahan.',
    purpose: 'Tujuan',
    reason: 'Alasan',
    linked: 'Beserta rekam medis yang terhubung dengannya',
    read: 'Baca rekam medis',
    glass: 'Ini mengesampingkan persetujuan pasien',
    glassNote: 'Hanya dalam keadaan darurat. Perlu alasan, dan setiap kejadian diperiksa seseorang.',
    breakGlass: 'Pakai akses darurat dan baca',
    partial: 'Sebagian rekam medis ditahan oleh persetujuan pasien.',
    born: 'lahir {{at}}',
    deceased: 'meninggal {{at}}',
    gender: { male: 'laki-laki', female: 'perempuan', other: 'lainnya', unknown: 'tidak diketahui' },
    isLinked: 'terhubung',
    empty: 'Tidak ada yang lain dalam rekam medis ini.',
    cancelled: 'salah dicatat',
    all: 'Tampilkan semua ({{count}})',
  },
}
