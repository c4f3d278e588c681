import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { createServer, request } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join, resolve } from 'node:path'
import { isEdgeStatus, isErrorBody, isImportTicket } from '../../schemas/generated/validators'
import { askJson, freePort } from '../support/ask'
import { type Running, startProgram, temporaryFolder, until } from '../support/processes'

const PROGRAM = resolve(__dirname, '../../bin/lontar.js')
/** Nothing listens there: the edge works without its hub. */
const HUB_URL = 'http://127.0.0.1:9'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
let edge: Running
const settings = (name: string) => ({
  EDGE_DATA: join(folder.path, name),
  EDGE_EXTERNAL_ID: '101',
  EDGE_PORT: '0',
  HUB_URL,
})
const started = (name: string) => startProgram(['edge'], settings(name), 'EDGE_PORT', join(folder.path, name))

beforeAll(async () => {
  folder = await temporaryFolder()
  edge = await started('edge')
})
afterAll(async () => {
  await edge.stop()
  await folder.remove()
})

interface Ended {
  status: number | null
  out: string
  err: string
}

/** Runs `lontar edge …` to its end. */
async function run(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, 'edge', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...env },
  })
  const ended: Ended = { status: null, out: '', err: '' }
  child.stdout.on('data', (chunk) => (ended.out += chunk))
  child.stderr.on('data', (chunk) => (ended.err += chunk))
  ended.status = await new Promise((done) => child.once('close', done))
  return ended
}

const command = (...args: string[]) => run(args, { EDGE_URL: edge.url })
/** What a person reads: without the log's lines. */
const saidIn = ({ err }: Ended) => err.split('\n').filter((line) => line !== '' && !line.startsWith('{'))

describe('does not start, and says why', () => {
  test('all wrong settings at once', async () => {
    const { status, out, err } = await run([], {
      EDGE_EXTERNAL_ID: 'abc',
      EDGE_HOST: '0.0.0.0',
      EDGE_PORT: '70000',
      EDGE_NAME: ' ',
      EDGE_LOG_LEVEL: 'loud',
      HUB_URL: 'https://node:secret@hub.example',
    })
    expect([status, out]).toEqual([1, ''])
    expect(err.match(/^ {2}(EDGE_\w+|HUB_URL) must be/gm)?.map((line) => line.split(' ')[2])).toEqual(
      ['EDGE_HOST', 'HUB_URL', 'EDGE_EXTERNAL_ID', 'EDGE_PORT', 'EDGE_NAME', 'EDGE_LOG_LEVEL'].sort(
        (a, b) => err.indexOf(a) - err.indexOf(b),
      ),
    )
    expect(err).not.toMatch(/secret|\n {4}at /)
  })

  test.each(['', 'ftp://hub.example', 'http://hub.example', 'https://hub.example/?a=b', 'nonsense'])(
    'HUB_URL=%s',
    async (HUB_URL) => {
      const { status, err } = await run([], { ...settings('none'), HUB_URL })
      expect([status, err]).toEqual([1, expect.stringContaining('HUB_URL must be')])
    },
  )

  test('a port that is taken, with the setting that helps', async () => {
    const ended = await run([], { ...settings('port'), EDGE_PORT: new URL(edge.url).port })
    expect(ended.status).toBe(1)
    expect(saidIn(ended)).toEqual([
      `Port ${new URL(edge.url).port} on 127.0.0.1 is taken by another program. Set EDGE_PORT to a free one.`,
    ])
  })

  test('an address that this machine does not have', async () => {
    const ended = await run([], { ...settings('host'), EDGE_HOST: '127.0.0.300' })
    expect([ended.status, saidIn(ended).length]).toEqual([1, 1])
  })

  test('a data folder in which another edge runs', async () => {
    const ended = await run([], settings('edge'))
    expect(ended.status).toBe(1)
    expect(saidIn(ended)).toEqual([
      `Another edge runs on this data folder; stop it, or set EDGE_DATA. EDGE_DATA is ${edge.dataFolder}.`,
    ])
    expect((await askJson(`${edge.url}/readyz`, undefined)).status).toBe(200)
  })

  test('a data folder that is a file', async () => {
    await writeFile(join(folder.path, 'file'), '')
    const ended = await run([], settings('file'))
    expect([ended.status, saidIn(ended)]).toEqual([1, [expect.stringContaining('is not a folder')]])
  })

  test('the data folder of another facility', async () => {
    const other = await started('other')
    await other.stop()
    const ended = await run([], { ...settings('other'), EDGE_EXTERNAL_ID: '102' })
    expect([ended.status, saidIn(ended)]).toEqual([
      1,
      ['The data folder belongs to facility 101, and EDGE_EXTERNAL_ID says 102.'],
    ])
  })
})

describe('answers programs of its own machine', () => {
  const path = '/status'
  const asked = (headers: Record<string, string>) =>
    new Promise<number | undefined>((done, failed) => {
      const asking = request(`${edge.url}${path}`, { headers }, (response) => {
        response.resume()
        done(response.statusCode)
      })
      asking.once('error', failed)
      asking.end()
    })

  test.each([
    [{ host: 'evil.example' }, 403],
    [{ host: 'evil.example:7070' }, 403],
    [{ host: '127.0.0.1.evil.example' }, 403],
    [{ host: '192.168.1.5' }, 403],
    [{ host: 'localhost', origin: 'https://evil.example' }, 403],
    [{ host: 'localhost', origin: 'null' }, 403],
    [{ host: 'localhost:7070' }, 200],
    [{ host: '[::1]:7070', origin: 'http://localhost:3000' }, 200],
  ])('%j → %i', async (headers, status) => {
    expect(await asked(headers as Record<string, string>)).toBe(status)
  })

  test('with what it is, in the form of the contract', async () => {
    expect(await askJson(`${edge.url}/healthz`, undefined)).toMatchObject({ status: 200, body: { status: 'ok' } })
    expect(await askJson(`${edge.url}/readyz`, undefined)).toMatchObject({ status: 200, body: { status: 'ok' } })
    const { body } = await askJson(`${edge.url}/status`, undefined)
    expect(isEdgeStatus(body) || isEdgeStatus.errors).toBe(true)
    expect(body).toMatchObject({ externalId: '101', registration: { status: 'unregistered' } })
    const nothing = await askJson(`${edge.url}/nothing/here`, undefined)
    expect([nothing.status, isErrorBody(nothing.body)]).toEqual([404, true])
  })
})

describe('the command line', () => {
  test('status, for people and for programs', async () => {
    const { status, out } = await command('status')
    expect(status).toBe(0)
    expect(out.split('\n').map((line) => line.split(/ {2,}/)[0])).toEqual([
      'facility',
      'registration',
      'data access',
      'sync',
      'waiting',
      'speed',
      'refused',
      'last arrived',
      'sent',
      '',
    ])
    const json = await command('status', '--json')
    expect(isEdgeStatus(JSON.parse(json.out))).toBe(true)
  })

  test('refused', async () => {
    expect(await command('refused')).toMatchObject({ status: 0, out: 'The hub has refused nothing.\n' })
    expect(JSON.parse((await command('refused', '--json', '--retry')).out)).toEqual({ refused: [] })
  })

  test('register shows the pairing code that counts from now on', async () => {
    const { status, out } = await command('register')
    expect(status).toBe(0)
    const { body } = await askJson(`${edge.url}/status`, undefined)
    const code = isEdgeStatus(body) ? (body.registration.pairingCode ?? '') : ''
    expect(out).toContain(`${code.slice(0, 4)} ${code.slice(4)}`)
  })

  test('import asks, and says what is wrong', async () => {
    const asked = await command('import', '10200000018')
    expect([asked.status, asked.out]).toEqual([0, expect.stringContaining('Asked for 10200000018')])
    const id = /\/imports\/(\w+)/.exec(asked.out)?.[1]
    expect(isImportTicket((await askJson(`${edge.url}/imports/${id}`, undefined)).body)).toBe(true)
    for (const [args, reason] of [
      [['10100000018'], /itself. \(INVALID_REQUEST\)/],
      [['somebody'], /mrn must/],
      [['10200000018', '--purpose', 'BTG'], /needs a reason.* \(PURPOSE_INVALID\)/],
      [['10200000018', '--purpose', 'FUN'], /purpose must be one of/],
      [[], /missing required argument/],
    ] as const) {
      const refused = await command('import', ...args)
      expect([refused.status, refused.out, refused.err]).toEqual([1, '', expect.stringMatching(reason)])
      expect(refused.err).not.toMatch(/\n {4}at /)
    }
  })

  test('load passes over what is no bundle, and loads the rest', async () => {
    const patient = { resourceType: 'Patient', id: 'p1', name: [{ family: 'Wijaya' }] }
    const file = async (name: string, text: string) => {
      const path = join(folder.path, name)
      await writeFile(path, text)
      return path
    }
    const bundle = (resource: object) =>
      JSON.stringify({ resourceType: 'Bundle', type: 'collection', entry: [{ resource }] })
    await mkdir(join(folder.path, 'a-folder'))
    const { status, err } = await command(
      'load',
      join(folder.path, 'missing.json'),
      join(folder.path, 'a-folder'),
      await file('text.json', 'hello'),
      await file('broken.json.gz', 'hello'),
      await file('invalid.json', bundle({ ...patient, gender: 'banana' })),
      await file('good.json', bundle(patient)),
    )
    expect(status).toBe(1)
    expect(err.split('\n').slice(0, 7)).toEqual([
      'missing.json: refused: there is no such file',
      'a-folder: refused: it is a folder',
      'text.json: refused: The body is not JSON.',
      expect.stringMatching(/^broken.json.gz: refused: it is not a gzip file/),
      expect.stringMatching(/^invalid.json: refused: .*Bundle.entry\[0\].resource.gender/),
      'good.json: 1 created, 0 unchanged',
      expect.stringContaining('1 of 6 files loaded, 5 refused'),
    ])
    expect(err).not.toMatch(/banana|Wijaya/)
  })

  test('says where it looked where no edge answers', async () => {
    const website = createServer((_request, response) => response.end('<html>'))
    await new Promise<void>((listening) => website.listen(0, '127.0.0.1', listening))
    for (const EDGE_URL of [HUB_URL, `http://127.0.0.1:${(website.address() as AddressInfo).port}`]) {
      const { status, err } = await run(['status'], { EDGE_URL })
      expect([status, err]).toEqual([1, `No edge answers at ${EDGE_URL}. Start it, or set EDGE_URL.\n`])
    }
    await new Promise((closed) => website.close(closed))
    expect(await run(['status'], { EDGE_URL: 'nonsense' })).toMatchObject({
      status: 1,
      err: expect.stringContaining('EDGE_URL must be'),
    })
  })
})

describe('stops', () => {
  const socketTo = (url: string) =>
    new Promise<ReturnType<typeof connect>>((open) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => open(socket))
      socket.on('error', () => undefined)
    })

  test.each([
    ['with nothing to do', undefined],
    ['with a connection that never asks', ''],
    ['with a client that keeps its connection', 'GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ])('cleanly within 2 s, %s', async (_what, sent) => {
    const stopping = await started('stopping')
    const socket = sent === undefined ? undefined : await socketTo(stopping.url)
    if (sent) {
      socket?.write(sent)
      // It has been seen once another request, sent after it, is answered.
      await askJson(`${stopping.url}/healthz`, undefined)
    }
    const startedMs = performance.now()
    await stopping.stop()
    expect(performance.now() - startedMs).toBeLessThan(2_000)
    socket?.destroy()
    expect(stopping.output()).not.toMatch(/"level":[56]0/)
  })
})

describe('law 3', () => {
  test('what was acknowledged is there after kill -9, with the MRNs that were given', async () => {
    const killed = await started('killed')
    const given: string[] = []
    const post = (family: number) =>
      askJson(`${killed.url}/fhir/Patient`, undefined, {
        method: 'POST',
        body: { resourceType: 'Patient', name: [{ family: `F${family}` }] },
      })
    for (let round = 0; round < 3; round++) {
      const enough = given.length + 20
      const writers = [0, 1, 2, 3].map(async (writer) => {
        for (;;) {
          const answer = await post(writer).catch(() => undefined)
          if (!answer) return
          expect(answer.status).toBe(201)
          given.push((answer.body as { id: string }).id)
        }
      })
      await until('some were given', async () => given.length >= enough)
      await killed.kill()
      await Promise.all(writers)
      await killed.start()
    }
    expect(new Set(given).size).toBe(given.length)
    for (const mrn of given) {
      expect((await askJson(`${killed.url}/fhir/Patient/${mrn}`, undefined)).status).toBe(200)
    }
    await killed.stop()
  })

  test('a disk that was away: nothing is acknowledged meanwhile, and it goes on by itself', async () => {
    const dataFolder = join(folder.path, 'away')
    // A port of its own: after the disk is back it opens the same one again.
    const env = { ...settings('away'), EDGE_PORT: String(await freePort()) }
    const away = await startProgram(['edge'], env, 'EDGE_PORT', dataFolder)
    try {
      const ready = async () => (await askJson(`${away.url}/readyz`, undefined).catch(() => undefined))?.status
      const post = async () => {
        // Does not compress, so that LevelDB soon needs a new file.
        const body = { resourceType: 'Organization', name: randomBytes(150_000).toString('hex') }
        return (await askJson(`${away.url}/fhir/Organization`, undefined, { method: 'POST', body })).status
      }
      let acknowledged = 0
      await rename(dataFolder, `${dataFolder}-gone`)
      let status = await post()
      for (; status === 201 && acknowledged < 100; status = await post()) acknowledged++
      expect([status, await ready()]).toEqual([503, 503])
      expect((await askJson(`${away.url}/fhir/Patient`, undefined)).status).toBe(200)
      await rename(`${dataFolder}-gone`, dataFolder)
      await until('it is ready again', async () => (await ready()) === 200, 20_000)
      const { body } = await askJson(`${away.url}/fhir/Organization?_count=500`, undefined)
      expect((body as { total: number }).total).toBe(acknowledged)
      expect(await post()).toBe(201)
    } finally {
      await away.stop()
    }
  })
})
