import type { Bilingual } from '../../../web-kit/bilingual'

const en = {
  ended: 'You were signed out',
  endedNote:
    'Nobody worked here for a while, or your account was changed. Sign in and go on where you were; what you typed is still there.',
  idle: 'Are you still there?',
  idleNote_one: 'You will be signed out in {{count}} second. What you typed stays.',
  idleNote_other: 'You will be signed out in {{count}} seconds. What you typed stays.',
  stay: 'I am still here',
  menu: 'Your account, {{name}}',
  password: 'Change password',
  signOut: 'Sign out',
  firstAccount: 'Make the first account',
}

export const sessionWords: Bilingual<typeof en> = {
  en,
  id: {
    ended: 'Anda sudah keluar',
    endedNote:
      'Beberapa saat tidak ada yang bekerja di sini, atau akun Anda diubah. Masuk lagi untuk melanjutkan; yang Anda ketik masih ada.',
    idle: 'Anda masih di sini?',
    idleNote_other: 'Dalam {{count}} detik Anda akan keluar. Yang Anda ketik tetap tersimpan.',
    stay: 'Saya masih di sini',
    menu: 'Akun Anda, {{name}}',
    password: 'Ganti kata sandi',
    signOut: 'Keluar',
    firstAccount: 'Buat akun pertama',
  },
}
