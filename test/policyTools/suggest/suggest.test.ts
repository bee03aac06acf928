import { describe, expect, test } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import { evaluate } from '../../../src/policy/evaluate.ts'
import { suggestText } from '../../../src/policyTools/suggest/suggestText.ts'
import { runTests } from '../../../src/policyTools/tests/runTests.ts'
import { loaded } from '../../policy/files.ts'
import { asked, countAnew, many, shop, suggestedFor, withParams } from './record.ts'

const amounts = (index: number) => withParams({ amount_cents: 100 + index * 10 })

describe('what was asked often and always granted', () => {
  test('is suggested as a rule that lets exactly that flow, with what asked about it leaving it out', async () => {
    countAnew()
    const found = suggestedFor(many(40, amounts))

    const text = suggestText(found, undefined)
    await expect(text).toMatchFileSnapshot('../../golden/suggest-refund.txt')
    expect(found.suggestions).toHaveLength(1)
    expect(found.simulation).toMatchObject({ replayed: 40, loosened: 40, tightened: 0 })
  })

  test('flows, and a value outside of each bound asks', () => {
    const found = suggestedFor(many(40, amounts))
    const head = loaded(found.files)
    const verdictOf = (params: Record<string, Json>, given: Parameters<typeof asked>[0] = {}) =>
      evaluate(head, asked({ ...withParams(params), ...given }).ask).verdict.kind

    expect(verdictOf({ amount_cents: 100 })).toBe('allow')
    expect(verdictOf({ amount_cents: 490 })).toBe('allow')
    expect(verdictOf({ amount_cents: 99 })).toBe('require_approval')
    expect(verdictOf({ amount_cents: 491 })).toBe('require_approval')
    expect(verdictOf({ currency: 'USD' })).toBe('require_approval')
    expect(verdictOf({ note: 'new' })).toBe('require_approval')
    expect(verdictOf({}, { agent: 'shop-agent-2' })).toBe('require_approval')
    expect(verdictOf({}, { action: { environment: 'dev' } })).toBe('require_approval')
  })

  test('comes with tests that pass, and that notice every mistake that was tried', () => {
    const { files } = suggestedFor(many(40, amounts))

    const report = runTests(loaded(files), files)

    expect(report).toMatchObject({ ok: true, failed: 0 })
    expect(report.passed).toBeGreaterThanOrEqual(8)
    expect(report.survivors.filter(({ rule }) => rule.startsWith('suggested.'))).toEqual([])
  })

  test('is the same whatever the order of the record', () => {
    const recorded = many(40, amounts)

    const [there, back] = [suggestedFor(recorded), suggestedFor(recorded.toReversed())]

    expect(back.suggestions.map(({ addition }) => addition.rule.yaml)).toEqual(
      there.suggestions.map(({ addition }) => addition.rule.yaml),
    )
  })
})

describe('nothing is suggested where', () => {
  const none = (recorded: Parameters<typeof suggestedFor>[0], files = shop()) => {
    const { suggestions, leftOut } = suggestedFor(recorded, files)
    expect(suggestions).toEqual([])
    return leftOut.map(({ why }) => why)
  }

  test.each([
    ['somebody denied it once', { outcome: 'denied' }],
    ['the glass was broken once', { outcome: 'glass_broken' }],
    ['nobody answered once', { outcome: 'timed_out' }],
    ['policy denied it at the release once', { outcome: 'denied_by_policy' }],
    ['something else was done once', { afterwards: ['deviated'] }],
    ['it was rolled back once', { afterwards: ['rolled_back'] }],
    ['it was revoked once', { afterwards: ['revoked'] }],
  ] as const)('%s among forty', (_, answer) => {
    expect(none([...many(40, amounts), asked({ ...amounts(3), answer })])).toEqual(['refused'])
  })

  test('control: one that was cancelled, that waits, or that nobody was told of says nothing', () => {
    const open = [{ outcome: 'cancelled' }, { outcome: null }, { outcome: 'nobody_reachable' }] as const

    const { suggestions } = suggestedFor([
      ...many(40, amounts),
      ...open.map((answer) => asked({ ...amounts(3), answer: { ...answer, by: [] } })),
    ])

    expect(suggestions).toHaveLength(1)
  })

  test('another agent was denied the same: control, the first is suggested for itself', () => {
    const other = asked({ ...amounts(3), agent: 'shop-agent-2', answer: { outcome: 'denied' } })

    const { suggestions } = suggestedFor([...many(40, amounts), other])

    expect(suggestions.map(({ agent }) => agent)).toEqual(['shop-agent'])
  })

  test('it was asked too rarely, decided by one person, or in too few days', () => {
    expect(none(many(19, amounts))).toEqual(['rare'])
    expect(none(many(40, (index) => ({ ...amounts(index), answer: { by: ['per_bob'] } })))).toEqual(['rare'])
    expect(none(many(40, (index) => ({ ...amounts(index), day: 1 + (index % 7) })))).toEqual(['rare'])
  })

  test('two agents asked half of it each', () => {
    const half = (index: number) => ({ ...amounts(index), agent: index % 2 ? 'shop-agent' : 'other-agent' })

    expect(none(many(38, half))).toEqual(['rare'])
  })

  test('it is of effect admin, or its parameters are open to nobody', () => {
    const role = { action: 'role.update', resource: { type: 'role', id: 'r' }, params: { role: 'r' } }
    const secret = {
      action: 'secret.use',
      resource: { type: 'secret', id: 's' },
      params: { name: 's', password: 'hunter2' },
    }
    const tool = {
      action: 'tool.call',
      resource: { type: 'mcp_server', id: 'm' },
      params: { server: 'm', read_only_hint: true, arguments: { a: 1 } },
    }

    expect(none(many(40, () => ({ action: role })))).toEqual(['admin'])
    expect(none(many(40, () => ({ action: secret })))).toEqual(['sensitive'])
    expect(none(many(40, () => ({ action: tool })))).toEqual(['opaque'])
  })

  test('a value was hidden from whoever decided, and it is never printed', () => {
    const found = suggestedFor(many(40, (index) => ({ ...amounts(index), answer: { hidden: true } })))

    expect(found.suggestions).toEqual([])
    expect(suggestText(found, undefined)).toContain('sensitive parameters')
  })

  test('every text is another', () => {
    const notes = (index: number) => withParams({ note: `note ${index}` })

    expect(none(many(40, notes))).toEqual(['varies'])
  })

  test('a test of the bundle expects to be asked', () => {
    const tests = `apiVersion: countersign/v1
kind: PolicyTests
tests:
  - name: small refunds ask
    request:
      action: refund.create
      resource: {type: order, id: order-7}
      params: {order: order-7, amount_cents: 200, currency: EUR}
      environment: prod
      agent: {name: shop-agent, owner: {id: U0LEE, email: lee@acme.test}}
      time: 2026-11-24T14:00:00+01:00
    expect: {verdict: require_approval}
`

    expect(none(many(40, amounts), shop({ 'tests/own.yaml': tests }))).toEqual(['contradicts'])
  })

  test('it runs by itself already', () => {
    const rules = rulesThatAllow

    expect(none(many(40, amounts), shop({ 'rules/money.yaml': rules }))).toEqual(['runs'])
  })
})

describe('what was mostly denied', () => {
  const doubted = () =>
    many(40, (index) => ({ ...amounts(index), answer: index % 4 ? { outcome: 'denied' as const } : {} }))
  const without = (unmatched: string) =>
    suggestedFor(
      doubted(),
      shop({
        'rules/money.yaml': '[]\n',
        'bundle.yaml': (shop().get('bundle.yaml') ?? '').replace(
          'known_action: require_approval',
          `known_action: ${unmatched}`,
        ),
      }),
    )

  test('is not asked again where the policy denies it by now: control, it asks for a reason where people are asked', () => {
    expect(without('deny')).toMatchObject({ suggestions: [], leftOut: [{ why: 'runs' }] })
    expect(without('require_approval').suggestions).toMatchObject([{ verdict: 'require_approval' }])
  })
})

const rulesThatAllow = `- id: money.refund
  description: Refunds run.
  match: {actions: [refund.create]}
  when: params.amount_cents >= 0 && params.amount_cents <= 1000 && params.order == resource.id
  verdict: allow
`

describe('the narrowest', () => {
  const conditions = (recorded: Parameters<typeof suggestedFor>[0]) =>
    suggestedFor(recorded).suggestions.map(({ addition }) => addition.rule.yaml)

  test('never lets through a combination of values that nobody asked for', () => {
    const pairs = (index: number) =>
      withParams(index % 2 ? { currency: 'EUR', note: 'a' } : { currency: 'USD', note: 'b' })
    const { files } = suggestedFor(many(40, pairs))
    const head = loaded(files)
    const verdictOf = (params: Record<string, Json>) =>
      evaluate(head, asked(withParams(params)).ask).verdict.kind

    expect(verdictOf({ currency: 'EUR', note: 'a' })).toBe('allow')
    expect(verdictOf({ currency: 'EUR', note: 'b' })).toBe('require_approval')
    expect(verdictOf({ currency: 'USD', note: 'a' })).toBe('require_approval')
  })

  test('takes the entry of the inventory where there are more resources than a rule lists, and a parameter says which', () => {
    const [yaml = ''] = conditions(many(40, (index) => withParams({}, `order-${100 + index}`)))

    expect(yaml).toContain('resource.id == params.order')
    expect(yaml).toContain('resource.id.startsWith("order-")')
  })

  test('and nothing where no entry covers them', () => {
    const unknown = (index: number) => ({
      action: { ...withParams({}, `x${index}`).action, resource: { type: 'parcel', id: `x${index}` } },
    })

    expect(conditions(many(40, unknown))).toEqual([])
  })

  test('of a list takes the items that were seen, and no more of them', () => {
    const tags = [['a'], ['a', 'b']]
    const { files } = suggestedFor(many(40, (index) => withParams({ tags: tags[index % 2] ?? [] })))
    const head = loaded(files)
    const verdictOf = (given: readonly string[]) =>
      evaluate(head, asked(withParams({ tags: given })).ask).verdict.kind

    expect(verdictOf(['b'])).toBe('allow')
    expect(verdictOf(['c'])).toBe('require_approval')
    expect(verdictOf([])).toBe('require_approval')
    expect(verdictOf(['a', 'a', 'b'])).toBe('require_approval')
  })

  test('of what is read first asks that it was understood, then binds its facts', () => {
    const fetched = (index: number) => ({
      action: {
        action: 'page.fetch',
        resource: { type: 'page', id: 'docs' },
        params: { url: `https://docs.acme.test/guides/${index}` },
      },
    })

    const [yaml = ''] = conditions(many(40, fetched))

    expect(yaml).toContain('read.url.understood')
    expect(yaml).toContain('read.url.host == "docs.acme.test"')
    expect(yaml).toContain('read.url.path.startsWith("/guides/")')
  })
})

describe('what was denied often', () => {
  const denied = (index: number) => ({ ...amounts(index), answer: { outcome: 'denied' as const } })

  test('and never granted is suggested to be denied', () => {
    const found = suggestedFor(many(40, denied))

    expect(found.suggestions.map(({ verdict }) => verdict)).toEqual(['deny'])
    expect(found.simulation).toMatchObject({ tightened: 40, loosened: 0 })
  })

  test('and granted as well is suggested to need a reason', () => {
    const found = suggestedFor([...many(40, denied), ...many(20, amounts)])

    expect(found.suggestions.map(({ verdict }) => verdict)).toEqual(['require_approval'])
  })

  test('control: granted more often than denied is suggested nothing', () => {
    expect(suggestedFor([...many(40, denied), ...many(41, amounts)]).suggestions).toEqual([])
  })
})

test('where people hardly had the time to read, that is said', () => {
  const hasty = suggestedFor(many(40, (index) => ({ ...amounts(index), answer: { seconds: index % 3 } })))
  const careful = suggestedFor(many(40, amounts))

  expect(suggestText(hasty, undefined)).toContain('maybe nobody read it')
  expect(suggestText(careful, undefined)).not.toContain('maybe nobody read it')
})

test('an initiator and a hint play no part in what is suggested', () => {
  const { suggestions } = suggestedFor(many(40, amounts))

  expect(suggestions[0]?.addition.rule.yaml).not.toMatch(/initiator|hint|alice|lee@/)
})
