import type { Bilingual } from './words'

const en = {
  title: 'Lontar',
  skip: 'To the content',
  menu: 'Menu',
  navigation: 'Places',
  language: 'Language',
  dark: 'Dark colours',
  light: 'Light colours',
  loading: 'One moment…',
}

export const frameWords: Bilingual<typeof en> = {
  en,
  id: {
    title: 'Lontar',
    skip: 'Ke isi halaman',
    menu: 'Menu',
    navigation: 'Halaman',
    language: 'Bahasa',
    dark: 'Warna gelap',
    light: 'Warna terang',
    loading: 'Sebentar…',
  },
}
