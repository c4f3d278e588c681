import type { Bilingual } from './bilingual'

const en = {
  title: 'That did not work',
  retry: 'Try again',
  UNREACHABLE: 'Lontar does not answer. Leave this page open, and try again in a moment.',
  UNAUTHENTICATED: 'The name or the password is wrong. Try again.',
  LOCKED: 'Too many wrong tries. Wait a little, or ask an admin for a new password.',
  FORBIDDEN: 'Your role does not allow this. Ask an admin of your facility.',
  CSRF: 'This page is no longer current. Load it again.',
  PASSWORD_WRONG: 'That is not your own password; nothing was changed. Try again.',
  PASSWORD_WEAK:
    'This password is guessed too easily. Take a longer one, for example four words that don’t belong together.',
  BACKUP_RUNNING: 'A backup is being made already. Wait until it is done.',
  BACKUP_DAMAGED: 'This backup is damaged or not whole. Nothing was changed; take another one.',
  BACKUP_UNREADABLE: 'This file is no backup of Lontar, or one of a newer version. Nothing was changed.',
  PASSPHRASE_WRONG: 'This is not the passphrase of this backup. Nothing was changed; try again.',
  PLACE_UNKNOWN: 'The drive or the file is not there any more. Plug it in again.',
  DATA_THERE: 'There are data on this computer already. A backup is brought back only where there are none.',
  DISK_FULL: 'There is not enough room on the disk. Make some and try again; nothing was changed.',
  PERSON_EXISTS: 'Somebody has this name already. Take another one.',
  LAST_ADMIN: 'One admin has to be left. Make somebody else an admin first.',
}

export const errorWords: Bilingual<typeof en> = {
  en,
  id: {
    title: 'Tidak berhasil',
    retry: 'Coba lagi',
    UNREACHABLE: 'Lontar tidak menjawab. Jangan tutup halaman ini, dan coba lagi sebentar.',
    UNAUTHENTICATED: 'Nama pengguna atau kata sandi salah. Coba lagi.',
    LOCKED: 'Terlalu banyak percobaan yang salah. Tunggu sebentar, atau minta kata sandi baru kepada admin.',
    FORBIDDEN: 'Peran Anda tidak mengizinkan ini. Hubungi admin fasilitas Anda.',
    CSRF: 'Halaman ini sudah tidak berlaku. Muat ulang halamannya.',
    PASSWORD_WRONG: 'Itu bukan kata sandi Anda sendiri; tidak ada yang diubah. Coba lagi.',
    PASSWORD_WEAK:
      'Kata sandi ini terlalu mudah ditebak. Pakai yang lebih panjang, misalnya empat kata yang tidak berhubungan.',
    BACKUP_RUNNING: 'Cadangan sedang dibuat. Tunggu sampai selesai.',
    BACKUP_DAMAGED: 'Cadangan ini rusak atau tidak lengkap. Tidak ada yang diubah; pakai yang lain.',
    BACKUP_UNREADABLE: 'Berkas ini bukan cadangan Lontar, atau dari versi yang lebih baru. Tidak ada yang diubah.',
    PASSPHRASE_WRONG: 'Kata kunci cadangan ini salah. Tidak ada yang diubah; coba lagi.',
    PLACE_UNKNOWN: 'Flashdisk atau berkasnya sudah tidak ada. Pasang lagi.',
    DATA_THERE: 'Di komputer ini sudah ada data. Cadangan hanya dipulihkan di tempat yang masih kosong.',
    DISK_FULL: 'Ruang disk tidak cukup. Kosongkan sebagian lalu coba lagi; tidak ada yang diubah.',
    PERSON_EXISTS: 'Nama pengguna ini sudah dipakai. Pilih yang lain.',
    LAST_ADMIN: 'Harus ada satu admin. Jadikan orang lain admin lebih dulu.',
  },
}
