import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { createInstruments } from '../../src/metrics/instruments.ts'
import { createMetrics } from '../../src/metrics/metrics.ts'
import { allowedLabels, metricOf } from './labels.ts'
import { nothing } from './nothing.ts'

/** A metric as the page shows it: its kind, and the names of its samples. */
const kinds = new Map<string, string>()
const page = await createMetrics()
  .page(async () => nothing)
  .text()
for (const [, name = '', kind = ''] of page.matchAll(/^# TYPE (\S+) (\S+)$/gm)) kinds.set(name, kind)

const sampleNames = new Set(
  [...kinds].flatMap(([name, kind]) =>
    kind === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name],
  ),
)

const ours = createInstruments()
const labelsOf = (name: string): readonly string[] => Object.keys(allowedLabels[metricOf(name)] ?? {})

describe('docs/metrics.md', () => {
  const text = readFileSync('docs/metrics.md', 'utf8')
  const rows = new Map(
    [...text.matchAll(/^\| `(countersign_\w+)` \|([^|]*)\|/gm)].map(([, name = '', labels = '']) => [
      name,
      [...labels.matchAll(/`(\w+)`/g)].map(([, label]) => label),
    ]),
  )

  test('explains each metric of ours, with its labels, and no other', async () => {
    const exposed = await ours.register.getMetricsAsJSON()

    expect([...rows.keys()].sort()).toEqual(exposed.map(({ name }) => name).sort())
    for (const [name, labels] of rows)
      expect([name, labels]).toEqual([name, labelsOf(name).filter((label) => label !== 'le')])
  })

  test('says of each what its help says: a counter counts, a histogram is one', () => {
    for (const [name, kind] of kinds)
      if (name.startsWith('countersign_')) expect(name.endsWith('_total')).toBe(kind === 'counter')
    for (const [, name = ''] of text.matchAll(/^\| `(countersign_\w+)` \|[^|]*\| histogram/gm))
      expect(kinds.get(name)).toBe('histogram')
  })

  test('names only metrics of the process that there are', () => {
    const named = [...text.matchAll(/`((?:nodejs|process)_\w+)(\*?)`/g)]

    expect(named.length).toBeGreaterThan(4)
    for (const [, name = '', star] of named)
      expect([...kinds.keys()].some((one) => (star ? one.startsWith(name) : one === name))).toBe(true)
  })
})

/** What a query asks for that the product does not have: metrics, labels, values. */
function unknownIn(query: string): readonly string[] {
  const used = [...query.matchAll(/\b((?:countersign|nodejs|process)_\w+)\b(?:\{([^}]*)\})?/g)]
  const metrics = used.map(([, name = '']) => name)
  const labels = new Set([...metrics.flatMap(labelsOf), 'instance', 'job'])
  const grouped = [...query.matchAll(/\b(?:by|on|without|ignoring) \(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(/, ?/),
  )
  return [
    ...metrics.filter((name) => !sampleNames.has(name)),
    ...grouped.filter((label) => !labels.has(label)),
    ...used.flatMap(([, name = '', matchers = '']) => unknownMatchers(name, matchers)),
  ]
}

function unknownMatchers(name: string, matchers: string): readonly string[] {
  return [...matchers.matchAll(/(\w+)(?:=~|!=|=)"([^"]*)"/g)].flatMap(([, label = '', wanted = '']) => {
    if (label === 'job') return []
    const values = allowedLabels[metricOf(name)]?.[label]
    if (values === undefined) return [`${name}{${label}}`]
    return wanted
      .split('|')
      .filter((value) => (values instanceof RegExp ? !values.test(value) : !values.includes(value)))
  })
}

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly summary: string; readonly action: string }
}

describe('deploy/prometheus/alerts.yaml', () => {
  const { groups } = parse(readFileSync('deploy/prometheus/alerts.yaml', 'utf8')) as {
    readonly groups: readonly { readonly rules: readonly Rule[] }[]
  } // our own file
  const rules = groups.flatMap((group) => group.rules)

  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s asks for what there is, and says what it means and what to do',
    (_, { expr, labels, annotations }) => {
      expect(expr).toMatch(/countersign_|up\{/)
      expect(unknownIn(expr)).toEqual([])
      expect(['page', 'ticket']).toContain(labels.severity)
      expect(annotations.summary.length).toBeGreaterThan(20)
      expect(annotations.action.length).toBeGreaterThan(20)
    },
  )

  test('refers to sections of docs/operations.md that exist', () => {
    const operations = readFileSync('docs/operations.md', 'utf8')
    const sections = rules.flatMap(({ annotations: { action } }) => [
      ...[...action.matchAll(/docs\/operations\.md, "([^"]+)"/g)].map(([, title = '']) => title),
      ...[...action.matchAll(/"([^"]+)" in docs\/operations\.md/g)].map(([, title = '']) => title),
    ])

    expect(sections.length).toBeGreaterThan(3)
    for (const title of sections) expect(operations).toMatch(new RegExp(`^#+ ${title}$`, 'm'))
  })

  test('wakes somebody when entries no longer get their place, whether or not a server says so itself', () => {
    const asked = rules.filter(({ labels }) => labels.severity === 'page').map(({ expr }) => expr)

    expect(asked).toContainEqual(expect.stringContaining('code="sealing_stopped"'))
    expect(asked).toContainEqual(expect.stringContaining('countersign_ledger_waiting_entries'))
  })

  test('names each once', () => {
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })
})

interface Panel {
  readonly title: string
  readonly type: string
  readonly description?: string
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number }
  readonly targets?: readonly { readonly expr: string }[]
}

describe('deploy/grafana/countersign.json', () => {
  const text = readFileSync('deploy/grafana/countersign.json', 'utf8')
  const { panels, templating } = JSON.parse(text) as {
    readonly panels: readonly Panel[]
    readonly templating: { readonly list: readonly { readonly name: string }[] }
  } // our own file
  const charts = panels.filter(({ type }) => type !== 'row')

  test.each(charts.map((panel) => [panel.title, panel] as const))(
    '“%s” shows what there is, and says what it shows',
    (_, panel) => {
      expect(panel.description).not.toBe('')
      expect(panel.targets?.length).toBeGreaterThan(0)
      for (const { expr } of panel.targets ?? []) {
        expect(expr).toMatch(/(countersign|nodejs|process)_/)
        expect(unknownIn(expr)).toEqual([])
      }
    },
  )

  test('uses only variables that it defines, and Grafana’s own', () => {
    const defined = templating.list.map(({ name }) => name)
    const used = new Set([...text.matchAll(/\$\{?(\w+)/g)].map(([, name = '']) => name))

    expect([...used].filter((name) => !name.startsWith('__') && !defined.includes(name))).toEqual([])
  })

  test('no two panels lie on each other, and none leaves the 24 columns', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, at) => `${x + (at % w)} ${y + Math.floor(at / w)}`),
    )

    expect(new Set(cells).size).toBe(cells.length)
    expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([])
  })
})

describe('the test itself notices', () => {
  test.each([
    ['a metric that is not there', 'countersign_request_total', ['countersign_request_total']],
    ['a histogram without its part', 'countersign_commit_seconds', ['countersign_commit_seconds']],
    ['a label that is not there', 'countersign_jobs_due{request="x"}', ['countersign_jobs_due{request}']],
    ['a value that is not there', 'countersign_jobs_due{task=~"expire|expires"}', ['expires']],
    ['a grouping by what is not there', 'sum by (person) (countersign_jobs_due)', ['person']],
    ['control: nothing', 'sum by (le) (rate(countersign_commit_seconds_bucket{outcome="failed"}[5m]))', []],
  ])('%s', (_, query, unknown) => {
    expect(unknownIn(query)).toEqual(unknown)
  })
})

test('the folders hold what is held against the metrics, and nothing else', () => {
  expect(readdirSync('deploy/grafana')).toEqual(['countersign.json'])
  expect(readdirSync('deploy/prometheus')).toEqual(['alerts.yaml'])
})
