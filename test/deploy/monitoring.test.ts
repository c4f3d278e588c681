import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parse } from 'yaml'
import { DEFAULT_SETTINGS } from '../../hub/alerts/rules'
import { type RunningEdge, startEdge } from '../support/edge'
import { type RunningHub, startHub } from '../support/hub'
import { registerNode } from '../support/node'

const ROOT = resolve(__dirname, '../..')
const TOKEN = 'token-of-the-monitoring-tests'
const at = (path: string) => readFileSync(resolve(ROOT, path), 'utf8')

interface Rule {
  alert: string
  expr: string
  annotations: { summary: string; runbook_url: string }
}

const rules = (parse(at('deploy/monitoring/lontar-rules.yml')) as { groups: { rules: Rule[] }[] }).groups.flatMap(
  (group) => group.rules,
)
const dashboard = JSON.parse(at('deploy/monitoring/grafana-dashboard.json')) as {
  panels: { title: string; targets: { expr: string }[] }[]
}
const pages = readdirSync(resolve(ROOT, 'docs/runbooks')).filter((name) => name.endsWith('.md'))

describe('what the monitoring names is there', () => {
  let hub: RunningHub
  let edge: RunningEdge
  let metrics: Map<string, Set<string>>

  beforeAll(async () => {
    hub = await startHub({ HUB_METRICS_TOKEN: TOKEN })
    await registerNode(hub, '101')
    edge = await startEdge('102', hub.url, { EDGE_METRICS_TOKEN: TOKEN })
    metrics = labelsOf((await page(hub.url)) + (await page(edge.url)))
  }, 120_000)
  afterAll(async () => {
    await edge?.remove()
    await hub?.remove()
  })

  const expressions = [
    ...rules.map(({ alert, expr }) => [alert, expr]),
    ...dashboard.panels.flatMap(({ title, targets }) => targets.map(({ expr }) => [`panel ${title}`, expr])),
  ] as [string, string][]

  test.each(expressions)('%s: each metric and label that it names', (_name, expr) => {
    const named = metricsIn(expr)
    expect(named.length).toBeGreaterThan(0)
    for (const { metric, labels } of named) {
      // Prometheus makes `up` itself, and puts job and instance at everything.
      if (metric === 'up') continue
      expect([metric, metrics.has(metric)]).toEqual([metric, true])
      const known = [...(metrics.get(metric) ?? []), 'job', 'instance']
      const grouped = [...expr.matchAll(/\b(?:by|on) \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/, ?/))
      expect([...labels, ...grouped].filter((label) => !known.includes(label))).toEqual([])
    }
  })

  test('each gauge of a facility that there is to warn of is in a rule or a panel', () => {
    const all = expressions.map(([, expr]) => expr).join('\n')
    const gauges = [...metrics.keys()].filter((name) => name.startsWith('lontar_facility_'))
    expect(gauges.length).toBeGreaterThan(5)
    // When it reported and when it was last answered are told by the others.
    const told = /_(reported|last_acknowledged)_timestamp_seconds$|_backlog_bytes$/
    expect(gauges.filter((name) => !told.test(name) && !all.includes(name))).toEqual([])
  })
})

describe('runbooks', () => {
  test('each alert has a page, and each page is of an alert', () => {
    const wanted = [
      ...rules.map(({ annotations }) => annotations.runbook_url.replace('docs/runbooks/', '')),
      ...Object.keys(DEFAULT_SETTINGS.rules).map((kind) => `${kind}.md`),
    ]
    expect(pages.toSorted()).toEqual([...new Set(wanted)].toSorted())
  })

  test.each(pages)('%s says what it means, where to look and what to do', (page) => {
    const text = at(`docs/runbooks/${page}`)
    expect(text).toMatch(/^# .+\n\n.+\n\n## Look\n\n```sh\n[^`]+```\n\n## Do\n\n- /s)
    const linked = [...text.matchAll(/\]\(([a-z-]+\.md)\)/g)].map(([, name]) => name)
    expect(linked.filter((name) => !pages.includes(name ?? ''))).toEqual([])
  })
})

async function page(url: string): Promise<string> {
  const response = await fetch(`${url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
  expect(response.status).toBe(200)
  return response.text()
}

/** Each metric with the labels that it has. What nobody knows yet has no line but that of its type; what is of a facility is labelled so. */
function labelsOf(text: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const [, name = ''] of text.matchAll(/^# TYPE (lontar_\w+)/gm)) {
    found.set(name, new Set(name.startsWith('lontar_facility_') ? ['facility'] : []))
  }
  for (const [, name = '', labels = ''] of text.matchAll(/^([a-z_]\w*)(?:\{([^}]*)\})? /gm)) {
    const known = found.get(name) ?? new Set<string>()
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label)
    found.set(name, known)
  }
  return found
}

/** `lontar_documents_total{outcome="accepted"}` and the like, with the labels of the selector. */
function metricsIn(expr: string): { metric: string; labels: string[] }[] {
  return [...expr.matchAll(/\b((?:lontar|process|nodejs)_\w+|up)\b(?:\{([^}]*)\})?/g)].map(
    ([, metric = '', selector = '']) => ({
      metric,
      labels: [...selector.matchAll(/(\w+)=~?"/g)].map(([, label = '']) => label),
    }),
  )
}
