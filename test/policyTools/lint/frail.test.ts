import { describe, expect, test } from 'vitest'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { bundleFiles, bundleYaml, loaded } from '../../policy/files.ts'
import { actions, codesOf, environments, lint, rulesOf, type Seed, windows } from './seed.ts'

const bundleOf = (seeds: readonly Seed[]) =>
  loaded(
    bundleFiles({
      'bundle.yaml': bundleYaml.replace('known_action: require_approval', 'known_action: deny'),
      'actions.yaml': actions,
      'rules/a.yaml': rulesOf(seeds),
    }),
  )

/** Conditions that the checker accepts and that fail on some request. */
const frail: readonly string[] = [
  'params.table.matches("^a")',
  'size(params.table.split(",")) > 3',
  'params.share * params.share > 1.0',
  'params.table.contains(params.other)',
  'initiator.email == "x@y.test"',
  'agent.owner.id == "lee"',
]

describe('a condition that can fail', () => {
  test.each(frail)('does not let a question of the same replace an allow in silence: %s', (when) => {
    const [base, head] = [[{ when, verdict: 'allow' }], [{ when }]].map(bundleOf)
    if (!base || !head) throw new Error('two bundles')

    expect(loosened(base, head).map(({ code }) => code)).toEqual(['loosen/weakened'])
  })

  test('control: one that cannot fail does', () => {
    const when = 'params.table.startsWith("a")'

    expect(loosened(bundleOf([{ when, verdict: 'allow' }]), bundleOf([{ when }]))).toEqual([])
  })

  test('a denial may be widened in silence, and an allow narrowed, although they search', () => {
    const wide = 'params.table.matches("^a")'
    const narrow = `${wide} && params.rows > 3`
    const edit = (verdict: string, from: string, to: string) =>
      loosened(bundleOf([{ when: from, verdict }]), bundleOf([{ when: to, verdict }])).map(({ code }) => code)

    expect(edit('deny', narrow, wide)).toEqual([])
    expect(edit('allow', wide, narrow)).toEqual([])
    expect(edit('deny', wide, narrow)).toEqual(['loosen/weakened'])
    expect(edit('allow', narrow, wide)).toEqual(['loosen/allow'])
  })

  test('beside another search it may fail where alone it does not, so that it is not the same', () => {
    const both = 'params.table.matches("^a") && params.other.matches("b$")'

    expect(
      codesOf([
        { id: 'a.wide', when: 'params.other.matches("b$")', verdict: 'deny' },
        { when: both, verdict: 'require_approval' },
      ]),
    ).toEqual([])
  })

  test('a denial of everybody with an e-mail does not shadow a question about one e-mail', () => {
    expect(
      codesOf([
        { id: 'a.known', when: 'has(params.to)', verdict: 'deny' },
        { id: 'b.mail', when: 'initiator.email in ["x@y.test", "z@y.test"]', verdict: 'deny' },
        { when: 'initiator.email == "x@y.test"' },
      ]),
    ).not.toContain('s.seed rule/shadowed')
  })
})

describe('open parameters of another type', () => {
  const when = 'has(params.a) && params.a > 3 && params.a < 2'
  const match = 'actions: [open.call]'

  test('make a denial apply where its conditions contradict each other, so it is a warning', () => {
    const [finding] = lint([{ match, when, verdict: 'deny' }])

    expect(finding).toMatchObject({ code: 'rule/contradiction', level: 'warning' })
  })

  test('never make an allow apply, so there it is an error', () => {
    expect(lint([{ match, when, verdict: 'allow' }])[0]).toMatchObject({
      code: 'rule/contradiction',
      level: 'error',
    })
  })
})

describe('an allow that the floor holds back', () => {
  const bundle =
    bundleYaml.replace('never_allow_effects: [admin]', 'never_allow_effects: [read]') + environments + windows
  const held: Seed = { when: 'params.rows >= 20', verdict: 'allow' }

  test('is not dead beside a wider question: it adds the defaults', () => {
    expect(codesOf([{ id: 'a.wide', when: 'params.rows > 10' }, held], {}, bundle)).toEqual([])
  })

  test('control: beside a wider denial it is', () => {
    expect(codesOf([{ id: 'a.wide', when: 'params.rows > 10', verdict: 'deny' }, held], {}, bundle)).toEqual([
      's.seed rule/dead-allow',
    ])
  })
})

describe('made-up requests', () => {
  test.each<Seed>([
    { when: 'has(params.x) && has(params.x.k) && params.x.k == 1', match: 'actions: [open.call]' },
    { when: 'has(params.x) && has(params.x.k) && size(params.x.k) > 4', match: 'actions: [open.call]' },
    { when: 'size(params.table) > 3000' },
    { when: 'size(params.table) > 3000 && params.table.startsWith("ab") && params.table.endsWith("z")' },
    { when: 'time.now > timestamp("2027-01-01T00:00:00Z")' },
    { when: 'time.now < timestamp("2025-01-01T00:00:00Z") && params.rows == 7' },
    { when: 'time.date >= "2027-01-01"' },
    { when: 'time.date == "2027-05-01"', match: 'actions: [open.call]' },
    { when: 'size(params.table.split(",")) > 3' },
  ])('reach $when', (seed) => {
    expect(codesOf([seed])).toEqual([])
  })

  test('of a rule that most requests are decided by, nothing is said where they were all denied too', () => {
    expect(
      codesOf([
        { id: 'a.deny', when: 'params.rows == 0 && params.table.matches("^(a|b)$")', verdict: 'deny' },
        { when: 'params.columns.all(c, c != resource.id)' },
      ]),
    ).toEqual([])
  })
})
