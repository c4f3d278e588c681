import type { Bilingual } from './words'

const en = {
  title: 'That did not work',
  retry: 'Try again',
  UNREACHABLE: 'The program on this computer does not answer. What you typed is kept; try again in a moment.',
  UNAUTHENTICATED: 'The name or the password is wrong. Try again.',
  LOCKED: 'Too many wrong tries. Wait a little, or ask an admin for a new password.',
  FORBIDDEN: 'Your role does not allow this. Ask an admin of your facility.',
  CSRF: 'This page is no longer current. Load it again.',
  PASSWORD_WEAK:
    'This password is guessed too easily. Take a longer one, for example four words that don’t belong together.',
  PERSON_EXISTS: 'Somebody has this name already. Take another one.',
  LAST_ADMIN: 'One admin has to be left. Make somebody else an admin first.',
}

export const errorWords: Bilingual<typeof en> = {
  en,
  id: {
    title: 'Tidak berhasil',
    retry: 'Coba lagi',
    UNREACHABLE: 'Program di komputer ini tidak menjawab. Yang Anda ketik tetap tersimpan; coba lagi sebentar.',
    UNAUTHENTICATED: 'Nama pengguna atau kata sandi salah. Coba lagi.',
    LOCKED: 'Terlalu banyak percobaan yang salah. Tunggu sebentar, atau minta kata sandi baru kepada admin.',
    FORBIDDEN: 'Peran Anda tidak mengizinkan ini. Hubungi admin fasilitas Anda.',
    CSRF: 'Halaman ini sudah tidak berlaku. Muat ulang halamannya.',
    PASSWORD_WEAK:
      'Kata sandi ini terlalu mudah ditebak. Pakai yang lebih panjang, misalnya empat kata yang tidak berhubungan.',
    PERSON_EXISTS: 'Nama pengguna ini sudah dipakai. Pilih yang lain.',
    LAST_ADMIN: 'Harus ada satu admin. Jadikan orang lain admin lebih dulu.',
  },
}
