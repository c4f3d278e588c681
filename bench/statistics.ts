import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { couchAddressOf } from '../hub/couch/address'
import { type Couch, connect } from '../hub/couch/connect'
import { designDocsOf } from '../hub/couch/design-docs'
import { startEmbeddedStore } from '../hub/couch/embedded-store'
import { answerStatistics, type StatisticsSource, statisticsFrom } from '../hub/statistics/answer-statistics'
import { type Question, readQuestion } from '../hub/statistics/question'
import { dayText, mondayOf } from '../protocol/iso-week'
import { createLog } from '../runtime/log'
import { Secret } from '../runtime/settings'
import type { Statistics } from '../schemas/generated/types'
import { fillEhr, LAST_WEEK, WEEKS } from './statistics/fill-ehr'
import { QUESTIONS } from './statistics/questions'
import { printTargets, type Target } from './table'

const DOCUMENTS = 1_000_000
const EMBEDDED_DOCUMENTS = 20_000
const NEW_DOCUMENTS = 1_000
const TIMES = 7
const LAST_DAY = mondayOf(LAST_WEEK) + 6

/**
 * Counts for public health, of small documents of 400 facilities. `COUCHDB_URL=… npm run bench statistics [how many]` fills that CouchDB's
 * database `ehr`, or goes on with the one that is there, since filling it takes long; without COUCHDB_URL the embedded store.
 */
export async function benchStatistics(): Promise<void> {
  const given = process.env['COUCHDB_URL']
  const documents = Number(process.argv[3] ?? (given ? DOCUMENTS : EMBEDDED_DOCUMENTS))
  const { url, stop } = given ? { url: given, stop: async () => undefined } : await embedded()
  const couch = connect(couchAddressOf(url))
  try {
    const rows = [...(await prepare(couch, documents)), ...(await follow(couch))]
    const kind = given ? 'CouchDB' : 'the embedded store'
    printTargets(`counts of ${documents.toLocaleString('en')} documents in ${kind}`, 'longest', 'middle', rows)
  } finally {
    await couch.stop()
    await stop()
  }
}

async function prepare(couch: Couch, documents: number): Promise<Target[]> {
  const ehr = couch.database('ehr')
  const rows: Target[] = []
  const { features } = await couch.welcome()
  if (await couch.createDatabase('ehr', { partitioned: features.includes('partitioned') })) {
    const fillMs = await timed(() => fillEhr((docs) => ehr.bulk(docs), documents))
    rows.push(['filling it, documents/s', '–', String(Math.round((documents / fillMs) * 1_000)), '–'])
    const design = designDocsOf('ehr').find(({ _id }) => _id === '_design/public-health')
    if (design) await ehr.put(design)
    const indexMs = await timed(() => indexed(couch))
    rows.push(['the index, documents/s', '–', String(Math.round((documents / indexMs) * 1_000)), '–'])
  }
  const source = sourceOf(couch)
  await indexed(couch)
  for (const asked of QUESTIONS) {
    const question = questionOf(asked)
    const times: number[] = []
    let answer = { rows: [] } as Pick<Statistics, 'rows'>
    for (let time = 0; time < TIMES; time++) {
      const ask = async () => {
        answer = await answerStatistics(question, source)
      }
      times.push(await timed(ask))
    }
    times.sort((a, b) => a - b)
    const middle = times[Math.floor(TIMES / 2)] ?? 0
    const what = `${asked}: ${answer.rows.length} rows`
    rows.push([what, `${Math.round(times.at(-1) ?? 0)} ms`, `${Math.round(middle)} ms`, 'less than 1 s'])
  }
  return rows
}

/** Until new documents are counted, by somebody who keeps asking. */
async function follow(couch: Couch): Promise<Target[]> {
  const ehr = couch.database('ehr')
  const source = sourceOf(couch)
  const total = async () => (await answerStatistics(questionOf('visits?by=none'), source)).rows[0]?.count ?? 0
  const before = await total()
  const { docCount } = await ehr.info()
  let visits = 0
  await fillEhr(
    async (docs) => {
      visits += docs.filter((doc) => (doc as { type?: string }).type === 'Encounter').length
      await ehr.bulk(docs)
    },
    NEW_DOCUMENTS,
    docCount * 2,
  )
  const followMs = await timed(async () => {
    while ((await total()) < before + visits) await new Promise((resolve) => setTimeout(resolve, 50))
  })
  return [[`${NEW_DOCUMENTS} new documents are counted after`, '–', `${(followMs / 1_000).toFixed(1)} s`, '–']]
}

function sourceOf(couch: Couch): StatisticsSource {
  const ehr = couch.database('ehr')
  return statisticsFrom({
    sums: (one) => ehr.sums('public-health', 'counts', one),
    districtsSet: async () => new Map(),
    now: () => new Date(),
  })
}

function questionOf(text: string): Question {
  const [measure = '', search = ''] = text.split('?')
  const { weeks = WEEKS, ...query } = Object.fromEntries(new URLSearchParams(search)) as Record<string, string>
  const from = dayText(LAST_DAY - Number(weeks) * 7 + 1)
  return readQuestion(measure, { ...query, from, to: dayText(LAST_DAY) }, new Date())
}

/** A request ends after thirty seconds; the database goes on. */
async function indexed(couch: Couch): Promise<void> {
  const nothing = { startkey: ['none'], endkey: ['none'], groupLevel: 1, limit: 1, isFresh: true }
  for (;;) {
    try {
      await couch.database('ehr').sums('public-health', 'counts', nothing)
      return
    } catch {
      // Not yet.
    }
  }
}

async function embedded(): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'lontar-bench-'))
  const admin = { username: 'admin', password: new Secret('of-the-bench') }
  const log = createLog('store', 'error')
  const store = await startEmbeddedStore({ folder, host: '127.0.0.1', port: 0, admin, log })
  return {
    url: store.url.replace('://', '://admin:of-the-bench@'),
    stop: async () => {
      await store.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}
