import { createHash } from 'node:crypto'
import { parseHTML } from 'linkedom'
import { describe, expect, test } from 'vitest'
import { reportHtml } from '../../../src/evidence/report/reportHtml.ts'
import { asks, figuresOf, type Line, madeRecord, person } from './madeRecord.ts'
import { november, seededMonth } from './seededMonth.ts'

/** One request, approved; what is written by others is `text`. */
function storyWith(text: string): readonly Line[] {
  const at = '2026-11-03T12:00:00.000Z'
  const agent = { kind: 'agent' as const, id: 'agt_1' }
  const by = { actor: person('per_1'), blobs: { identity: JSON.stringify({ name: text }) } }
  return [
    { type: 'agent.added', at, subject: agent, ...by, data: { name: text, owner: 'per_1' } },
    asks('req_1', at, { action: text, rolls_back: text, verdict: { kind: 'require_approval' } }),
    { type: 'decision.refused', at, request: 'req_1', ...by, data: { kind: 'approve', code: 'own_request' } },
    { type: 'grant.refused', at, request: 'req_1', data: { code: text } },
    { type: 'decision.made', at, request: 'req_1', ...by, data: { kind: 'approve' } },
    { type: 'glass.broken', at, request: 'req_1', ...by, data: { review_by: at } },
    { type: 'request.denied', at, request: 'req_1', data: { outcome: text, rules: [text] } },
    {
      type: 'execution.deviated',
      at,
      request: 'req_1',
      subject: agent,
      data: { kinds: [text], pointers: [text] },
    },
    { type: 'policy.refused', at, subject: { kind: 'policy', id: text }, data: { says: text } },
    {
      ...{ type: 'policy.activated', at, ...by, subject: { kind: 'policy', id: text } },
      data: { name: text, by: text, before: text, rules_added: { count: 1, names: [text] } },
    },
    {
      ...{ type: 'record.erased', at, request: 'req_1', ...by },
      subject: { kind: 'person', id: text },
      data: { what: text, values: 1, requests: 1, asked_by: text },
    },
    { type: 'auditor.read', at, ...by, subject: { kind: 'person', id: text } },
    {
      type: 'stop.made',
      at,
      ...by,
      subject: { kind: 'stop', id: text },
      data: { scope: { kind: 'action', pattern: text } },
    },
  ]
}

const pageOf = (lines: readonly Line[]) => reportHtml(figuresOf(madeRecord(lines), november))

describe('text of others', () => {
  const hostile = `"'><script>alert(1)</script><img src=x onerror=y> style="x" </title></style>&amp;`

  test('stands there as text: no element, no attribute and no end of one comes of it', () => {
    const { document } = parseHTML(pageOf(storyWith(hostile)))
    const { document: plain } = parseHTML(pageOf(storyWith('plain')))

    expect(document.querySelectorAll('script, img, iframe, [onerror], [style]')).toHaveLength(0)
    const tags = (of: Document) => [...of.querySelectorAll('*')].map(({ tagName }) => tagName)
    expect(tags(document)).toEqual(tags(plain))
    expect(document.body.textContent).toContain(hostile)
  })

  test('control: put in without being escaped, it would be elements', () => {
    const page = pageOf(storyWith('MARK')).replaceAll('MARK', hostile)
    expect(parseHTML(page).document.querySelectorAll('script').length).toBeGreaterThan(0)
  })

  test('cannot turn the text around it: what shows nothing is written out, and it stands for itself', () => {
    const page = pageOf(storyWith('db\u202etropxe\u0000\u200b.مرحبا'))

    expect(['\u202e', '\u0000', '\u200b'].filter((character) => page.includes(character))).toEqual([])
    expect(page).toContain('<bdi class="name">db\\u202etropxe\\u0000\\u200b.مرحبا</bdi>')
  })
})

describe('whatever the record is like', () => {
  const made = seededMonth(3_000)
  const many = (count: number) =>
    madeRecord(
      Array.from({ length: count }, (_, nth) =>
        asks(`req_${nth}`, `2026-11-${String((nth % 30) + 1).padStart(2, '0')}T12:00:00.000Z`, {
          action: `action.${nth % 400}`,
        }),
      ),
    )

  test.each([
    ['empty', madeRecord([]), 0],
    ['one request', madeRecord(storyWith('db.export')), 0],
    ['a month of a company', made.record, made.from],
    ['words of thousands of letters', madeRecord(storyWith('x'.repeat(2_000))), 0],
    ['requests of hundreds of actions', many(1_000), 0],
  ] as const)(
    '%s: every link leads somewhere, every id is used once, every table has heads',
    (_, record, from) => {
      const { document } = parseHTML(reportHtml(figuresOf(record, { ...november, from })))
      const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id)

      expect(new Set(ids).size).toBe(ids.length)
      const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '')
      expect(links.filter((link) => !ids.includes(link.slice(1)))).toEqual([])
      for (const table of document.querySelectorAll('table')) {
        expect(table.querySelector('caption')).not.toBeNull()
        expect(table.querySelectorAll('thead th[scope=col]').length).toBeGreaterThan(1)
        for (const row of table.querySelectorAll('tbody tr'))
          expect(row.querySelector('th[scope=row]')).not.toBeNull()
      }
      for (const svg of document.querySelectorAll('svg.plot'))
        expect([...svg.children].slice(0, 2).map(({ tagName }) => tagName.toLowerCase())).toEqual([
          'title',
          'desc',
        ])
    },
  )

  test('its size is bounded: ten times as many requests are hardly more bytes', () => {
    const size = (count: number) => reportHtml(figuresOf(many(count), november)).length

    expect(size(10_000)).toBeLessThan(1.2 * size(1_000))
  })
})

test('the same entries give the same bytes, and another entry gives others', () => {
  const page = pageOf(storyWith('db.export'))

  expect(pageOf(storyWith('db.export'))).toBe(page)
  expect(pageOf(storyWith('db.import'))).not.toBe(page)
})

test('says in words that nobody decided anything, instead of half of nothing', () => {
  const html = reportHtml(figuresOf(madeRecord([]), november))

  expect(html).toContain('people decided nothing')
  expect(html).not.toContain('half of 0')
})

test('its policy lets one style sheet stand in it, and nothing come from elsewhere', () => {
  const { document } = parseHTML(pageOf(storyWith('db.export')))
  const [style, ...others] = document.querySelectorAll('style')
  const policy = document.querySelector('meta[http-equiv]')?.getAttribute('content')

  const hash = createHash('sha256')
    .update(style?.textContent ?? '')
    .digest('base64')
  expect(policy).toBe(`default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`)
  expect(others).toEqual([])
  expect(document.querySelectorAll('link, [src], [srcset]')).toHaveLength(0)
})

test('a name that was erased is said to be', () => {
  const lines = storyWith('Grace').map((line) => ({
    ...line,
    ...(line.blobs && { blobs: { identity: null } }),
  }))

  expect(pageOf(lines)).toContain('<em>erased</em></span> <code>per_1</code>')
})
