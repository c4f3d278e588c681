import type { en } from './en'

/** The same keys as in English, or it does not compile; Indonesian has one form for any number. */
type SameKeys<T> = {
  readonly [K in keyof T as K extends `${string}_one` ? never : K]: T[K] extends string ? string : SameKeys<T[K]>
}

export const id: SameKeys<typeof en> = {
  frame: {
    title: 'Lontar',
    skip: 'Ke isi halaman',
    menu: 'Menu',
    navigation: 'Halaman',
    language: 'Bahasa',
    dark: 'Warna gelap',
    light: 'Warna terang',
    loading: 'Sebentar…',
  },
  errors: {
    title: 'Tidak berhasil',
    retry: 'Coba lagi',
    UNREACHABLE: 'Program di komputer ini tidak menjawab. Yang Anda ketik tetap tersimpan; coba lagi sebentar.',
  },
  patients: {
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
  sync: {
    title: 'Kementerian',
    pending: 'Rekam medis menunggu',
    oldest: 'Paling lama menunggu',
    speed: 'Kecepatan sekarang',
    today: 'Data terpakai hari ini',
    acknowledged: 'Terakhir diterima kementerian',
    refused: 'Ditolak',
    minutes_other: '{{count}} menit',
    hours_other: '{{count}} jam',
    sentence: {
      unregistered: 'Fasilitas ini belum terdaftar. Semua rekam medis tersimpan di sini.',
      pending: 'Menunggu persetujuan kementerian. Semua rekam medis tersimpan di sini.',
      rejected: 'Kementerian menolak pendaftaran fasilitas ini. Semua rekam medis tersimpan di sini.',
      suspended: 'Kementerian menangguhkan fasilitas ini. Semua rekam medis tersimpan di sini.',
      contested: 'Komputer lain mengirim atas nama fasilitas ini. Hubungi kementerian; tidak ada yang hilang.',
      nothingYet: 'Belum ada rekam medis untuk dikirim.',
      allSafe: 'Semua rekam medis aman di kementerian, {{at}}',
      allSafeRefused_other:
        '{{number}} rekam medis ditolak kementerian dan perlu diperiksa; yang lain aman di sana, {{at}}',
      sending_other: '{{number}} rekam medis menunggu, kira-kira {{time}} dengan kecepatan ini',
      sendingUnknown_other: '{{number}} rekam medis sedang dikirim ke kementerian',
      resting: 'Yang tidak mendesak menunggu sampai {{at}} untuk menghemat data. Tidak ada yang hilang.',
      noLink: 'Tidak ada sambungan ke kementerian sejak {{at}}. Tidak ada yang hilang.',
      lost: 'Program di komputer ini tidak menjawab. Yang Anda ketik tetap tersimpan.',
    },
  },
}
