import type { Bilingual } from '../../../web-kit/bilingual'

const en = {
  title: 'Refused documents',
  note: 'The hub did not take these. They are safe at their facility, and are sent again when somebody there changes them, or when you let them be sent again.',
  none: 'No document is refused.',
  reason: 'Reason',
  documents: 'Documents',
  facilities: 'Facilities',
  all: 'All reasons',
  list: 'Documents',
  facility: 'Facility',
  document: 'Document',
  type: 'Kind of record',
  last: 'Last tried',
  attempts: 'Tries',
  again: 'Send again',
  everywhere: 'Send again everywhere',
  everywhereTitle_one: 'Let {{count}} facility send them again?',
  everywhereTitle_other: 'Let {{count}} facilities send them again?',
  everywhereEffect:
    'Documents there were refused for this reason: “{{reason}}”. With its next question, within minutes, each facility sends all of its refused documents once more. Do it after the rule has changed; what is still not right is refused again.',
  againFor: 'Send the refused documents of {{name}} again',
  againTitle: 'Let {{name}} send them again?',
  againEffect:
    'With its next question, within minutes, the facility sends all of its refused documents once more. Do it after the rule or the cause has changed; what is still not right is refused again.',
}

export const refusedWords: Bilingual<typeof en> = {
  en,
  id: {
    title: 'Dokumen yang ditolak',
    note: 'Hub tidak menerima dokumen ini. Semuanya aman di fasilitasnya, dan dikirim lagi kalau ada yang mengubahnya di sana, atau kalau Anda mempersilakannya dikirim lagi.',
    none: 'Tidak ada dokumen yang ditolak.',
    reason: 'Alasan',
    documents: 'Dokumen',
    facilities: 'Fasilitas',
    all: 'Semua alasan',
    list: 'Dokumen',
    facility: 'Fasilitas',
    document: 'Dokumen',
    type: 'Jenis catatan',
    last: 'Terakhir dicoba',
    attempts: 'Percobaan',
    again: 'Kirim lagi',
    everywhere: 'Kirim lagi di semua fasilitas',
    everywhereTitle_other: 'Persilakan {{count}} fasilitas mengirim lagi?',
    everywhereEffect:
      'Dokumen di fasilitas-fasilitas ini ditolak karena: “{{reason}}”. Dalam beberapa menit setiap fasilitas mengirim sekali lagi semua dokumennya yang ditolak. Lakukan setelah aturannya berubah; yang masih belum benar ditolak lagi.',
    againFor: 'Kirim lagi dokumen {{name}} yang ditolak',
    againTitle: 'Persilakan {{name}} mengirim lagi?',
    againEffect:
      'Dalam beberapa menit fasilitas mengirim sekali lagi semua dokumennya yang ditolak. Lakukan setelah aturan atau penyebabnya berubah; yang masih belum benar ditolak lagi.',
  },
}
