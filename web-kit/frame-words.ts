import type { Bilingual } from './bilingual'

const en = {
  title: 'Lontar',
  skip: 'To the content',
  menu: 'Menu',
  navigation: 'Places',
  language: 'Language',
  dark: 'Dark colours',
  light: 'Light colours',
  loading: 'One moment…',
  cancel: 'Cancel',
  close: 'Close',
  more: 'Show more',
  pages: 'Pages of the table',
  range: '{{from}}–{{to}} of {{total}}',
  previous: 'Previous page',
  next: 'Next page',
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
    cancel: 'Batal',
    close: 'Tutup',
    more: 'Tampilkan lagi',
    pages: 'Halaman tabel',
    range: '{{from}}–{{to}} dari {{total}}',
    previous: 'Halaman sebelumnya',
    next: 'Halaman berikutnya',
  },
}
