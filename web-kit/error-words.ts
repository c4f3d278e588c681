import type { Bilingual } from './words'

const en = {
  title: 'That did not work',
  retry: 'Try again',
  UNREACHABLE: 'The program on this computer does not answer. What you typed is kept; try again in a moment.',
}

export const errorWords: Bilingual<typeof en> = {
  en,
  id: {
    title: 'Tidak berhasil',
    retry: 'Coba lagi',
    UNREACHABLE: 'Program di komputer ini tidak menjawab. Yang Anda ketik tetap tersimpan; coba lagi sebentar.',
  },
}
