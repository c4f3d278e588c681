import { LEAST_CHARACTERS, weaknessOf } from '../../protocol/password-rules'

const NAME = 'siti.rahayu'

test.each([
  ['shorter than the least', 'x7#kQ9!mZ2p'],
  ['nothing', ''],
  ['one character', 'aaaaaaaaaaaaaaaa'],
  ['two characters', 'abababababababab'],
  ['a word twice', 'saumlakisaumlaki'],
  ['three words that are one', 'kuda1kuda1kuda1'],
  ['the alphabet', 'abcdefghijklmnop'],
  ['the alphabet, backwards', 'zyxwvutsrqponmlk'],
  ['digits', '123456789012'],
  ['a birthday', '19870504198705'],
  ['the keyboard', 'qwertyuiopasdfgh'],
  ['the first of every list', 'Password2026!!'],
  ['two of every list', 'password-admin1'],
  ['what it is for', 'lontar-operator-2026'],
  ['who it is for', 'kemenkes-indonesia1'],
  ['the word for it', 'katasandirahasia'],
  ['the own name', 'Siti.Rahayu2026'],
  ['parts of the own name', 'rahayu_siti_1990'],
  ['the name, full width', 'ｓｉｔｉ.rahayu2026'],
])('%s is refused: %s', (_what, password) => {
  expect(weaknessOf(password, NAME)).toEqual(expect.any(String))
})

test.each([
  ['four words', 'empat kuda di pantai'],
  ['four words with a common one among them', 'rahasia empat kuda pantai'],
  ['random letters', 'x7kqmzvprwtn'],
  ['random characters', 'x7#kQ9!mZ2pR'],
  ['what openssl rand -base64 24 makes', 'Zk3vYt0pQ8mJr5wLx2dN7sHf'],
  ['other letters than Latin ones', 'четыре коня на пляже'],
  ['as long as can be', 'q9'.repeat(3) + 'Zw-unlike anything else '.repeat(8)],
])('%s is taken: %s', (_what, password) => {
  expect(weaknessOf(password, NAME)).toBeUndefined()
})

test('says what is missing, and not what was typed', () => {
  expect(weaknessOf('short', NAME)).toContain(String(LEAST_CHARACTERS))
  expect(weaknessOf('Password2026!!', NAME)).not.toContain('2026')
})
