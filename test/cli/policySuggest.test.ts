import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lintCommand } from '../../src/cli/policy/lint.ts'
import { type SuggestOptions, suggestCommand } from '../../src/cli/policy/suggest.ts'
import { testCommand } from '../../src/cli/policy/test.ts'
import { writeRecorded } from '../../src/policyTools/simulation/recorded.ts'
import { filesIn } from '../policy/files.ts'
import { many, shop, withParams } from '../policyTools/suggest/record.ts'
import { directoryOf } from './bundles.ts'

const options = (given: Partial<SuggestOptions> & Pick<SuggestOptions, 'base'>): SuggestOptions => ({
  format: 'text',
  last: 10,
  times: 20,
  deciders: 2,
  days: 7,
  hasty: 10,
  limit: 10,
  ...given,
})

const saved = (lines: readonly unknown[]) =>
  join(
    directoryOf(new Map([['saved.jsonl', lines.map((one) => `${JSON.stringify(one)}\n`).join('')]])),
    'saved.jsonl',
  )

const record = () => many(40, (index) => withParams({ amount_cents: 100 + index })).map(writeRecorded)

const tests = `apiVersion: countersign/v1
kind: PolicyTests
tests:
  - name: a large refund asks
    request:
      action: refund.create
      resource: {type: order, id: order-7}
      params: {order: order-7, amount_cents: 90000, currency: EUR}
      environment: prod
      agent: {name: shop-agent, owner: {id: U0LEE, email: lee@acme.test}}
      time: 2026-11-24T14:00:00+01:00
    expect: {verdict: require_approval}
`

test('a saved record is read, and what is written beside the bundle passes lint and test', async () => {
  const base = directoryOf(shop({ 'tests/own.yaml': tests }))
  const out = join(directoryOf(new Map(), 'x'), 'candidate')
  const before = filesIn(base)

  const { text, exitCode } = await suggestCommand(saved(record()), options({ base, out }))

  expect(exitCode).toBe(0)
  expect(text).toContain('1 suggestion from 40 requests')
  expect(filesIn(base)).toEqual(before)
  expect([...filesIn(out).keys()].sort()).toEqual(
    [...before.keys(), 'rules/suggested.yaml', 'tests/suggested.yaml'].sort(),
  )
  expect(testCommand(out, { format: 'text' }).exitCode).toBe(0)
  expect(lintCommand(out, { format: 'json' }).exitCode).toBe(0)
})

test('for programs and for workflows', async () => {
  const base = directoryOf(shop())
  const json = await suggestCommand(saved(record()), options({ base, format: 'json' }))
  const github = await suggestCommand(saved(record()), options({ base, format: 'github' }))

  expect(JSON.parse(json.text)).toMatchObject({
    suggestions: [{ verdict: 'allow', times: 40, deciders: 2, median_seconds: 90, hasty: false }],
    erased: 0,
  })
  expect(github.text).toMatch(/^::notice title=suggestion%3A allow refund\.create::/)
})

test('a file that does not say what came of anything is refused', async () => {
  const lines = many(1).map(({ id, ask }) => writeRecorded({ id, ask }))

  await expect(suggestCommand(saved(lines), options({ base: directoryOf(shop()) }))).rejects.toThrow(
    'does not say of any request what came of it',
  )
})

test('a directory that has something in it is not written to', async () => {
  const base = directoryOf(shop())

  await expect(suggestCommand(saved(record()), options({ base, out: base }))).rejects.toThrow(
    'has something in it',
  )
})

test('a bundle that does not pass its own tests proves nothing', async () => {
  const wrong = tests.replace('{verdict: require_approval}', '{verdict: allow}')
  const base = directoryOf(shop({ 'tests/own.yaml': wrong }))

  await expect(suggestCommand(saved(record()), options({ base }))).rejects.toThrow(
    'does not pass its own tests',
  )
})
