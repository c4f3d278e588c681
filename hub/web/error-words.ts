import type { Bilingual } from '../../web-kit/bilingual'
import { errorWords } from '../../web-kit/error-words'

const en = {
  ...errorWords.en,
  UNREACHABLE: 'The hub does not answer. Leave this page open, look at your connection and try again.',
  UNAUTHENTICATED: 'The name, the password or the code is wrong. Try again.',
  LOCKED: 'Too many wrong tries. Wait a little; another operator can unlock the account.',
  FORBIDDEN: 'Your role does not allow this. Ask an operator of the hub.',
  DATABASE_UNAVAILABLE: 'The hub does not reach its database. Try again in a moment; if it stays, look at CouchDB.',
  EXTERNAL_ID_TAKEN:
    'An accepted facility has this external ID, or one that overlaps with it. Reject the request, or let the accepted facility register anew.',
  REGISTRATION_UNKNOWN: 'This registration is not there any more; it may have expired. Load the list again.',
  REGISTRATION_DECIDED: 'Somebody else has decided this registration meanwhile.',
  NODE_UNKNOWN: 'No facility of this name was accepted.',
  DATA_ACCESS_NOT_REQUESTED: 'The facility does not ask for data access any more.',
  OPERATOR_EXISTS: 'Somebody has this name already. Take another one.',
  OPERATOR_UNKNOWN: 'This account is not there any more.',
  OPERATOR_FIXED: 'The first account is as the settings of the hub say; change it there.',
  PASSWORD_WEAK:
    'This password is guessed too easily. Take a longer one, for example four words that don’t go together.',
  TOTP_WRONG: 'The code is not right for this moment. Wait for the next one, and look at the clock of the device.',
  TOTP_STATE: 'The account has a second factor already. Load the page again.',
  CONFIGURATION_UNKNOWN: 'This version is not kept any more. Load the page again.',
  BTG_UNKNOWN: 'This entry is not one of broken glass. Load the list again.',
  PATIENT_UNKNOWN: 'The hub has no record with this number. Look at the number; the facility may not have sent it yet.',
  CONSENT_REFUSED: 'The patient’s consent does not allow it for this purpose.',
  PURPOSE_INVALID: 'The purpose needs a reason, in one line.',
  RECORD_TOO_LARGE: 'The record is too large to be shown here. Try without the linked records.',
  TOO_MANY_ROWS: 'That would be too many rows. Take fewer weeks, or another division.',
  INVALID_REQUEST: 'Something that was typed is not of the form that is needed:',
  RATE_LIMITED: 'Too many requests at once. Wait a minute and try again.',
}

export const consoleErrorWords: Bilingual<typeof en> = {
  en,
  id: {
    ...errorWords.id,
    UNREACHABLE: 'Hub tidak menjawab. Jangan tutup halaman ini, periksa sambungan Anda lalu coba lagi.',
    UNAUTHENTICATED: 'Nama pengguna, kata sandi, atau kodenya salah. Coba lagi.',
    LOCKED: 'Terlalu banyak percobaan yang salah. Tunggu sebentar; operator lain bisa membuka kunci akun.',
    FORBIDDEN: 'Peran Anda tidak mengizinkan ini. Hubungi operator hub.',
    DATABASE_UNAVAILABLE:
      'Hub tidak dapat menjangkau basis datanya. Coba lagi sebentar; kalau tetap begitu, periksa CouchDB.',
    EXTERNAL_ID_TAKEN:
      'Fasilitas yang sudah diterima memakai ID eksternal ini, atau yang bertumpang tindih dengannya. Tolak permintaan ini, atau izinkan fasilitas itu mendaftar ulang.',
    REGISTRATION_UNKNOWN: 'Pendaftaran ini sudah tidak ada; mungkin kedaluwarsa. Muat ulang daftarnya.',
    REGISTRATION_DECIDED: 'Orang lain sudah memutuskan pendaftaran ini.',
    NODE_UNKNOWN: 'Tidak ada fasilitas dengan nama ini yang diterima.',
    DATA_ACCESS_NOT_REQUESTED: 'Fasilitas ini tidak lagi meminta akses data.',
    OPERATOR_EXISTS: 'Nama pengguna ini sudah dipakai. Pilih yang lain.',
    OPERATOR_UNKNOWN: 'Akun ini sudah tidak ada.',
    OPERATOR_FIXED: 'Akun pertama mengikuti pengaturan hub; ubah di sana.',
    PASSWORD_WEAK:
      'Kata sandi ini terlalu mudah ditebak. Pakai yang lebih panjang, misalnya empat kata yang tidak berhubungan.',
    TOTP_WRONG: 'Kode ini tidak cocok untuk saat ini. Tunggu kode berikutnya, dan periksa jam di perangkat Anda.',
    TOTP_STATE: 'Akun ini sudah punya faktor kedua. Muat ulang halamannya.',
    CONFIGURATION_UNKNOWN: 'Versi ini sudah tidak disimpan. Muat ulang halamannya.',
    BTG_UNKNOWN: 'Catatan ini bukan akses darurat. Muat ulang daftarnya.',
    PATIENT_UNKNOWN:
      'Hub tidak punya rekam medis dengan nomor ini. Periksa nomornya; mungkin fasilitasnya belum mengirim.',
    CONSENT_REFUSED: 'Persetujuan pasien tidak mengizinkannya untuk tujuan ini.',
    PURPOSE_INVALID: 'Tujuan ini perlu alasan, dalam satu baris.',
    RECORD_TOO_LARGE: 'Rekam medis ini terlalu besar untuk ditampilkan. Coba tanpa rekam medis yang terhubung.',
    TOO_MANY_ROWS: 'Barisnya akan terlalu banyak. Pilih minggu yang lebih sedikit, atau pembagian lain.',
    INVALID_REQUEST: 'Ada isian yang bentuknya belum sesuai:',
    RATE_LIMITED: 'Terlalu banyak permintaan sekaligus. Tunggu satu menit lalu coba lagi.',
  },
}
