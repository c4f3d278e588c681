import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ASSETS = resolve(__dirname, '../../../dist/edge/web/assets')

test('each part of the app that comes later brings its styles along', () => {
  const files = readdirSync(ASSETS)
  const styles = files.filter((name) => name.endsWith('.css'))
  const page = readFileSync(join(ASSETS, '../index.html'), 'utf8')
  const scripts = files.filter((name) => name.endsWith('.js')).map((name) => readFileSync(join(ASSETS, name), 'utf8'))
  const loaded = styles.filter((name) => [page, ...scripts].some((text) => text.includes(`assets/${name}`)))
  expect(styles.length).toBeGreaterThan(1)
  expect(loaded).toEqual(styles)
})
