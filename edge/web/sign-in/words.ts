import type { Bilingual } from '../../../web-kit/bilingual'

const en = {
  title: 'Sign in',
  name: 'Name',
  password: 'Password',
  show: 'Show the password',
  do: 'Sign in',
  lost: 'Password forgotten? An admin of your facility can set a new one.',
}

export const signInWords: Bilingual<typeof en> = {
  en,
  id: {
    title: 'Masuk',
    name: 'Nama pengguna',
    password: 'Kata sandi',
    show: 'Tampilkan kata sandi',
    do: 'Masuk',
    lost: 'Lupa kata sandi? Admin fasilitas Anda bisa membuatkan yang baru.',
  },
}
