import { syncUrlOf } from '../../../edge/registration/sync-url'

test.each([
  ['https://hub.example/sync/ehr', 'https://hub.example', 'https://hub.example/sync/ehr'],
  ['https://other.example/sync/ehr/', 'https://hub.example', 'https://other.example/sync/ehr'],
  ['http://127.0.0.1:8080/sync/ehr', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080/sync/ehr'],
  ['http://hub.example/sync/ehr', 'https://hub.example', 'https://hub.example/sync/ehr'],
  ['http://elsewhere.example/sync/ehr', 'https://hub.example', 'https://hub.example/sync/ehr'],
  ['/sync/ehr', 'https://hub.example', 'https://hub.example/sync/ehr'],
])('%s from %s is %s', (url, hubUrl, expected) => {
  expect(syncUrlOf({ sync: { url } }, hubUrl)).toBe(expected)
})
