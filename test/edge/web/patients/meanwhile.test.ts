import { merged } from '../../../../edge/web/patients/meanwhile'
import { EMPTY_FORM } from '../../../../edge/web/patients/patient-form'

const READ = { ...EMPTY_FORM, name: 'Sri', phone: '1', address: 'A' }

test('takes what somebody else changed, keeps what was typed here, and says where both did', () => {
  const ours = { ...READ, name: 'Sri Lestari', phone: '2' }
  const theirs = { ...READ, phone: '3', address: 'B' }
  expect(merged(READ, ours, theirs)).toEqual({
    form: { ...READ, name: 'Sri Lestari', phone: '2', address: 'B' },
    meanwhile: [
      { field: 'phone', before: '1', theirs: '3', isBoth: true },
      { field: 'address', before: 'A', theirs: 'B', isBoth: false },
    ],
  })
})

test('both may have typed the same', () => {
  const same = { ...READ, phone: '9' }
  expect(merged(READ, same, same)).toEqual({
    form: same,
    meanwhile: [{ field: 'phone', before: '1', theirs: '9', isBoth: false }],
  })
})
