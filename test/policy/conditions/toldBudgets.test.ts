import { describe, expect, test } from 'vitest'
import { whyOf } from '../../../src/card/why.ts'
import { factsOf } from '../../../src/policy/ask.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { explain } from '../../../src/policyTools/explain/explain.ts'
import { explanationText } from '../../../src/policyTools/explain/explanationText.ts'
import { lintFiles } from '../../../src/policyTools/lint/lintBundle.ts'
import { viewOfExport } from '../../card/views.ts'
import { written } from '../../card/written.ts'
import { at } from '../ask.ts'
import { actionsYaml, bundleFiles, loaded } from '../files.ts'

const actions = `${actionsYaml}  pay: {effect: write, params: {tags: {list: string}, to: string}}
  k8s.do: {effect: write, params: {manifest: {type: string, reads: kubernetes, verb: apply}}}
`
const files = (when: string, action = 'pay') =>
  bundleFiles({
    'actions.yaml': actions,
    'rules/a.yaml': `- id: a.rule\n  description: Some of it asks.\n  match: {actions: [${action}]}\n  when: |\n    ${when}\n  verdict: require_approval\n`,
  })
const ask = (action: string, params: Record<string, string | string[]>) => ({
  action: { action, resource: { type: 'thing', id: '1' }, params, environment: 'dev' },
  agent: { id: 'agt_1', name: 'bot' },
  at,
})

/** What a card, and `explain`, say of a request. */
function said(when: string, asked: ReturnType<typeof ask>) {
  const bundle = loaded(files(when, asked.action.action))
  const { verdict } = evaluate(bundle, asked)
  return {
    verdict,
    card: written(whyOf({ request: viewOfExport({ verdict }).request })),
    explained: explanationText(explain(bundle, asked.action, factsOf(bundle, asked))),
  }
}

describe('a condition that can take too many steps', () => {
  const told = (when: string) => lintFiles(files(when)).findings.find(({ code }) => code === 'cel/slow')

  test('is told with the part that takes them, and what would be cheaper', () => {
    const when = 'environment == "dev" && params.tags.exists(t, t == "x" || size(params.to) == 5)'

    expect(told(when)).toMatchObject({
      file: 'rules/a.yaml',
      line: 5,
      column: 5,
      rule: 'a.rule',
      level: 'error',
    })
    expect(told(when)?.message).toMatch(
      /Most of them go into what begins at character 59, which is done for each of 1,000 items: do it once, outside the loop/,
    )
    expect(told(when)?.excerpt).toBe(`${when}\n${' '.repeat(58)}^`)
  })

  test('is told in the same words on every machine, however busy', () => {
    const when = 'params.tags.exists(t, params.to.contains(t))'
    const messages = Array.from({ length: 3 }, () => told(when)?.message)

    expect(new Set(messages).size).toBe(1)
    expect(messages[0]).toContain('at character 23')
  })
})

describe('a search that runs out of steps', () => {
  const heavy = 'params.to.matches("a[ab]{200}c")'
  let seed = 1
  const letter = (): string => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % 2 === 0 ? 'a' : 'b'
  }
  const text = Array.from({ length: 8_000 }, letter).join('')

  test('counts the stricter way, and says which pattern of which rule, where, and what would be cheaper', () => {
    const { verdict, card, explained } = said(heavy, ask('pay', { tags: [], to: text }))
    const sentence =
      /`when` of rule a\.rule could not be evaluated and counts as true \(searching took more than 5,000,000 steps, the last of them for "a\[ab\]\{200\}c", at character \d+ of the text: begin it with \^, or use a smaller count\)\./

    expect(verdict).toMatchObject({ kind: 'require_approval', rules: ['a.rule'] })
    expect(verdict.errors).toEqual([expect.stringMatching(sentence)])
    expect(explained).toMatch(sentence)
    expect(JSON.parse(card).notEvaluated[0]).toContain('begin it with ^, or use a smaller count')
    expect(said(heavy, ask('pay', { tags: [], to: text })).verdict.errors).toEqual(verdict.errors)
  })

  test('control: with a beginning it does not run out', () => {
    const { verdict } = said(heavy.replace('a[', '^a['), ask('pay', { tags: [], to: text }))
    expect(verdict.errors).toEqual([])
  })
})

describe('a text that runs out of steps', () => {
  const head = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n'
  const deep = `${head}data: ${'['.repeat(200)}${'1,'.repeat(1_500)}${']'.repeat(200)}`

  test('was not understood, and people are told the place and what would be cheaper', () => {
    const { verdict, card, explained } = said('!read.manifest.understood', ask('k8s.do', { manifest: deep }))
    const why = 'Reading it takes more than 300,000 steps: nest it less, or send it in several requests.'

    expect(verdict).toMatchObject({ kind: 'require_approval', rules: ['a.rule'] })
    expect(verdict.facts.unread).toEqual([{ param: 'manifest', why, at: head.length }])
    expect(explained).toContain(`not read    manifest: ${why} (character ${head.length + 1})`)
    expect(JSON.parse(card).notEvaluated[0]).toContain(why)
  })

  test('control: one that nests less was, and the card says what it does', () => {
    const { verdict } = said('read.manifest.understood', ask('k8s.do', { manifest: head }))

    expect(verdict.facts.unread).toBeUndefined()
    expect(verdict.facts.readings).toMatchObject([{ param: 'manifest', reads: 'kubernetes', count: 1 }])
  })
})

test('a parameter that was not given is not told as one that was not understood', () => {
  const given = files('read.plan.understood && read.plan.destroys > 0', 'infra.do')
  const optional = given
    .get('actions.yaml')
    ?.concat('  infra.do: {effect: write, params: {plan: {type: string?, reads: terraform_plan}}}\n')
  const bundle = loaded(new Map([...given, ['actions.yaml', optional ?? '']]))

  expect(evaluate(bundle, ask('infra.do', {})).verdict.facts.unread).toBeUndefined()
  expect(evaluate(bundle, ask('infra.do', { plan: 'x' })).verdict.facts.unread).toHaveLength(1)
})
