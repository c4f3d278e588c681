import type { Bilingual } from '../../../web-kit/bilingual'

const en = {
  typing: 'Keeping what you type…',
  kept: 'Kept at {{at}}',
  notKept: 'Not kept yet; it is tried again. Leave this page open.',
  alsoBy: '{{names}} is writing here at the same time',
  alsoByHint: 'Talk to each other. Nothing that one of you saves overwrites the other.',
  elsewhere: 'This form is also open in another window',
  elsewhereHint: 'Both were typed into. Which of the two is right?',
  takeTheirs: 'Show the other one',
  keepOurs: 'Keep this one',
}

export const draftWords: Bilingual<typeof en> = {
  en,
  id: {
    typing: 'Menyimpan ketikan…',
    kept: 'Tersimpan pukul {{at}}',
    notKept: 'Belum tersimpan; dicoba lagi otomatis. Jangan tutup halaman ini.',
    alsoBy: '{{names}} sedang mengisi formulir ini juga',
    alsoByHint: 'Bicarakan berdua. Yang disimpan satu orang tidak menimpa milik yang lain.',
    elsewhere: 'Formulir ini juga dibuka di jendela lain',
    elsewhereHint: 'Keduanya sudah diisi. Mana yang benar?',
    takeTheirs: 'Tampilkan yang lain',
    keepOurs: 'Pakai yang ini',
  },
}
