import type { Bilingual } from '../../web-kit/bilingual'
import { errorWords } from '../../web-kit/error-words'

const en = {
  ...errorWords.en,
  INTERNAL: 'Something went wrong in Lontar. What you typed is still here: try again; if it stays so, ask for help.',
  NOT_READY: 'Lontar is just starting. What you typed is still here: try again in a moment.',
  OVERLOADED: 'This computer has too much to do just now. Try again in a minute.',
  RATE_LIMITED: 'Too many requests at once. Wait a minute and try again.',
  DATABASE_UNAVAILABLE:
    'The disk of Lontar’s computer takes no writes, so this was not saved. Leave this page open, make room on the disk or call for help, and try again.',
  BODY_TOO_LARGE: 'This is too large to be saved. Make it shorter, or the attached file smaller, and try again.',
  BODY_TOO_SLOW: 'It came too slowly. Look at the connection to this computer, and try again.',
  SIGNED_OUT: 'You are signed out. Sign in again; what you typed stays here.',
  NOT_FOUND: 'This is not here any more. Load the page again.',
  INVALID_REQUEST: 'Something that was typed is not of the form that is needed. Look at it again:',
  RESOURCE_NOT_FOUND: 'There is nothing of this number here. Look at the number, or bring the patient here.',
  RESOURCE_DELETED: 'This was deleted. Go back, and look for what you need.',
  RESOURCE_INVALID: 'Something that was typed can’t stand in a record. Nothing was saved; look at it again:',
  VERSION_CONFLICT: 'Somebody changed this meanwhile. Nothing was overwritten: load it again, and look at what is new.',
  EDIT_CONFLICT: 'Somebody saved at the same moment. Nothing was overwritten: try again.',
  READ_ONLY_COPY: 'This record belongs to another facility. Open a local file to write about this patient.',
  PATIENT_HAS_RECORDS: 'This patient has a record, and can’t be deleted.',
  PATIENT_REFERENCE_INVALID: 'This patient is not one of this facility’s. Open a local file first.',
  MRN_EXHAUSTED: 'This facility has no medical record numbers left. Call the ministry for a further external ID.',
  MRN_UNCERTAIN:
    'These data come from a copy. New patients can be registered once the ministry has answered; what you typed is kept.',
  TOO_MANY_DRAFTS: 'You have too many unfinished forms. Save or discard some of them.',
  PERSON_UNKNOWN: 'This person is not there any more. Load the list again.',
  TOKEN_UNKNOWN: 'This token is not there any more. Load the list again.',
  TOO_MANY_PEOPLE:
    'There is no room for more. A token that no system uses can be revoked, which makes room. Accounts stay: records name them.',
  IMPORT_ENDED: 'This has ended already. Look at the list.',
  NOT_REGISTERED: 'The ministry has not accepted this facility yet. It goes on by itself once it has.',
  REGISTRATION_DECIDED: 'The ministry has decided meanwhile. Load the page again.',
  PURPOSE_INVALID: 'Write a reason, in one line.',
  NODE_SUSPENDED: 'The ministry has suspended this facility. Call the ministry.',
  HUB_UNREACHABLE: 'The ministry can’t be reached just now. Nothing is lost: try again when there is a link.',
  EXTERNAL_ID_TAKEN: 'Another facility has this external ID. Look at the letter again, or call the ministry.',
}

/** What a person here can do about it; what only programs meet keeps the program's own sentence. */
export const clinicErrorWords: Bilingual<typeof en> = {
  en,
  id: {
    ...errorWords.id,
    INTERNAL:
      'Ada kesalahan di Lontar. Yang Anda ketik masih ada di sini: coba lagi; jika tetap begitu, minta bantuan.',
    NOT_READY: 'Lontar baru mulai berjalan. Yang Anda ketik masih ada di sini: coba lagi sebentar.',
    OVERLOADED: 'Komputer ini sedang terlalu sibuk. Coba lagi satu menit lagi.',
    RATE_LIMITED: 'Terlalu banyak permintaan sekaligus. Tunggu satu menit lalu coba lagi.',
    DATABASE_UNAVAILABLE:
      'Disk komputer Lontar tidak bisa ditulisi, jadi ini belum tersimpan. Jangan tutup halaman ini, kosongkan ruang di disk atau minta bantuan, lalu coba lagi.',
    BODY_TOO_LARGE: 'Ini terlalu besar untuk disimpan. Persingkat, atau perkecil berkas lampirannya, lalu coba lagi.',
    BODY_TOO_SLOW: 'Kirimannya terlalu lambat. Periksa sambungan ke komputer ini, lalu coba lagi.',
    SIGNED_OUT: 'Anda sudah keluar. Masuk lagi; yang Anda ketik tetap ada di sini.',
    NOT_FOUND: 'Ini sudah tidak ada. Muat ulang halamannya.',
    INVALID_REQUEST: 'Ada isian yang bentuknya belum sesuai. Periksa lagi:',
    RESOURCE_NOT_FOUND: 'Tidak ada yang bernomor ini di sini. Periksa nomornya, atau ambil data pasiennya.',
    RESOURCE_DELETED: 'Ini sudah dihapus. Kembali, dan cari yang Anda perlukan.',
    RESOURCE_INVALID: 'Ada isian yang tidak bisa masuk ke rekam medis. Belum ada yang disimpan; periksa lagi:',
    VERSION_CONFLICT: 'Orang lain baru saja mengubah ini. Tidak ada yang ditimpa: muat ulang, dan lihat yang baru.',
    EDIT_CONFLICT: 'Orang lain menyimpan pada saat yang sama. Tidak ada yang ditimpa: coba lagi.',
    READ_ONLY_COPY: 'Rekam medis ini milik fasilitas lain. Buka berkas setempat untuk menulis tentang pasien ini.',
    PATIENT_HAS_RECORDS: 'Pasien ini punya rekam medis, jadi tidak bisa dihapus.',
    PATIENT_REFERENCE_INVALID: 'Pasien ini bukan pasien fasilitas ini. Buka berkas setempat lebih dulu.',
    MRN_EXHAUSTED: 'Nomor rekam medis fasilitas ini sudah habis. Telepon kementerian untuk kode fasilitas tambahan.',
    MRN_UNCERTAIN:
      'Data ini berasal dari salinan. Pasien baru bisa didaftarkan setelah kementerian menjawab; yang Anda ketik disimpan.',
    TOO_MANY_DRAFTS: 'Formulir Anda yang belum selesai terlalu banyak. Simpan atau buang sebagian.',
    PERSON_UNKNOWN: 'Orang ini sudah tidak ada. Muat ulang daftarnya.',
    TOKEN_UNKNOWN: 'Token ini sudah tidak ada. Muat ulang daftarnya.',
    TOO_MANY_PEOPLE:
      'Tidak ada tempat lagi. Token yang tidak dipakai bisa dicabut supaya ada tempat. Akun tetap ada: namanya tercantum di rekam medis.',
    IMPORT_ENDED: 'Ini sudah selesai. Lihat daftarnya.',
    NOT_REGISTERED: 'Kementerian belum menerima fasilitas ini. Setelah diterima, semuanya lanjut sendiri.',
    REGISTRATION_DECIDED: 'Kementerian sudah memutuskan. Muat ulang halamannya.',
    PURPOSE_INVALID: 'Tulis alasannya, dalam satu baris.',
    NODE_SUSPENDED: 'Kementerian menangguhkan fasilitas ini. Telepon kementerian.',
    HUB_UNREACHABLE: 'Kementerian sedang tidak bisa dihubungi. Tidak ada yang hilang: coba lagi saat ada sambungan.',
    EXTERNAL_ID_TAKEN: 'Fasilitas lain sudah memakai kode ini. Periksa suratnya lagi, atau telepon kementerian.',
  },
}
