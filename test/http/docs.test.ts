import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { outcomeCodes } from '../../src/core/outcome.ts'
import { refusals } from '../../src/core/refusals.ts'
import { parseStrictJson } from '../../src/core/strictJson.ts'
import { defaultLimits } from '../../src/http/limits.ts'
import { problemSchema, statusOf } from '../../src/http/problem.ts'
import { parseReport } from '../../src/http/reportSchema.ts'
import { requestSchema } from '../../src/http/requestSchema.ts'
import { parseSubmission } from '../../src/http/submissionSchema.ts'

const codes = [...(Object.keys(refusals) as (keyof typeof refusals)[]), 'internal'] as const // keys of a const table
const page = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')

describe('docs/errors.md', () => {
  const text = page('errors.md')
  const sections = new Map(
    [...text.matchAll(/^### (\w+)\n\n([\s\S]*?)(?=\n#|$(?![\s\S]))/gm)].map(([, code = '', body = '']) => [
      code,
      body,
    ]),
  )

  test('has one section for each code and no other', () => {
    expect([...sections.keys()].sort()).toEqual([...codes].sort())
  })

  test.each(codes)('says the status of %s and what to do', (code) => {
    const section = sections.get(code) ?? ''

    expect(section).toMatch(new RegExp(`^${statusOf(code)}\\. `))
    expect(section.split(/[.:;] /).length).toBeGreaterThan(1)
  })

  test('shows a problem that has the shape of one', () => {
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(text) ?? []

    expect(problemSchema.strict().parse(JSON.parse(example))).toMatchObject({ code: 'invalid_request' })
  })
})

describe('docs/api.md', () => {
  const text = page('api.md')
  const json = [...text.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => block)

  test('asks with bodies that the server accepts', () => {
    const heredocs = [...text.matchAll(/<<'JSON'\n([\s\S]*?)\nJSON\n/g)].map(([, block = '']) => block)
    const inline = [...text.matchAll(/^BODY='(.*)'$/gm)].map(([, block = '']) => block)
    const isReport = (body: string) => body.includes('"state"')
    const isPlace = (body: string) => body.includes('"ledger"')
    const asked = heredocs.filter((body) => !isReport(body))
    const bodies = [...asked, ...inline, ...json.filter((block) => !isReport(block) && !isPlace(block))]

    expect(bodies).toHaveLength(4)
    for (const body of bodies) expect(() => parseSubmission(parseStrictJson(body))).not.toThrow()
    const reports = heredocs.filter(isReport)
    expect(reports).toHaveLength(1)
    for (const body of reports) expect(() => parseReport(parseStrictJson(body))).not.toThrow()
  })

  test('has a line for every way to end, and no other', () => {
    const [, table = ''] = /### How it ended\n([\s\S]*?)\nWhile no channel/.exec(text) ?? []
    const rows = [...table.matchAll(/^\| `(\w+)` \| `(\w+)` \|/gm)].map(([, code]) => code)

    expect(rows).toEqual(['outcome_code', ...outcomeCodes])
  })

  test('shows an answer that has the shape of one', () => {
    const [answer = ''] = json.filter((block) => block.includes('"state"'))

    expect(() => requestSchema.strict().parse(JSON.parse(answer))).not.toThrow()
  })

  test.each(['api.md', 'errors.md'])('%s says how fast an agent may be', (name) => {
    const { submissions, otherCalls } = defaultLimits

    expect(page(name).replace(/\s+/g, ' ')).toContain(
      `${submissions.perSecond} new requests a second after a burst of ${submissions.burst}, and ${otherCalls.perSecond} other calls a second after a burst of ${otherCalls.burst}`,
    )
  })

  test('says how many calls of an agent may wait', () => {
    expect(text.replace(/\s+/g, ' ')).toContain(`${defaultLimits.waiting} calls of one agent can wait`)
  })

  test('links to pages and sections that exist', () => {
    for (const [, target = ''] of text.matchAll(/\]\((?!https?:)([^)#]+)/g))
      expect(() => page(target)).not.toThrow()
  })
})
