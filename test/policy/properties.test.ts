import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BreakGlass, Leg, Requirement, Source } from '../../src/core/request.ts'
import { type Evaluation, evaluate } from '../../src/policy/evaluate.ts'
import { bundleFiles, loaded } from './files.ts'

const some = <T>(...values: readonly T[]) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined })
const duration = fc.constantFrom('30s', '5m', '20m', '1h', '2d')

const leg = fc.record({
  name: fc.constantFrom('a', 'b'),
  from: some('owner', 'group:data', 'group:security', 'user:omar'),
  count: fc.integer({ min: 1, max: 3 }),
})
const require = fc.record({
  approvals: maybe(leg.map((one) => [one])),
  expires_in: maybe(duration),
  deny_count: maybe(fc.integer({ min: 1, max: 3 })),
  grant: maybe(duration.map((ttl) => ({ ttl }))),
  reason: maybe(fc.constantFrom({ min_length: 10 }, { min_length: 30, pattern: '^CHG' }, { pattern: 'x' })),
  confirm: maybe(fc.constantFrom('resource.id', 'environment').map((value) => ({ type: 'typed', value }))),
  step_up: maybe(fc.constant('passkey')),
})
const condition = maybe(
  fc.constantFrom(
    'environment == "prod"',
    'time.hour > 20',
    'initiator.id == "x"', // nobody is known here, so this cannot be evaluated
    'has(request.reason) || resource.sensitivity == "unknown"',
  ),
)
const path = fc.record({
  who: some('group:data', 'group:security', 'user:omar'),
  reason: fc.constantFrom({ min_length: 10 }, { min_length: 30, pattern: '^INC' }),
  grant: duration.map((ttl) => ({ ttl })),
  notify: fc.constant(['channel:security']),
  review_within: duration,
})
const match = fc
  .record({
    actions: maybe(some('*', 'db.*', 'db.export', 's3.copy', 'iam.role.update')),
    environments: maybe(some('prod', 'dev')),
    effects: maybe(some('read', 'write', 'admin')),
  })
  .filter(({ actions, environments, effects }) => {
    const names = actions ?? ['*']
    const reach = {
      read: ['*', 'db.*', 'db.export'],
      write: ['*', 's3.copy'],
      admin: ['*', 'iam.role.update'],
    }
    const reaches = (effect: string) =>
      names.some((name) => Object.entries(reach).some(([e, all]) => e === effect && all.includes(name)))
    return (
      (actions ?? environments ?? effects) !== undefined &&
      (effects ?? ['read', 'write', 'admin']).some(reaches)
    )
  })
const rule = fc
  .record({
    match,
    verdict: fc.constantFrom('allow', 'require_approval', 'deny'),
    require,
    notify: fc.record({
      remind: maybe(duration.map((one) => [one])),
      escalate: maybe(fc.constantFrom('group:data', 'group:platform').map((to) => [{ after: '10s', to }])),
    }),
    when: condition,
    unless: condition,
    mode: maybe(fc.constantFrom('enforce', 'observe')),
    break_glass: maybe(path),
  })
  .map(({ require, notify, break_glass, ...rule }) => {
    if (rule.verdict === 'require_approval') return { ...rule, require, notify, break_glass }
    if (rule.verdict === 'allow' || break_glass === undefined) return rule
    return { ...rule, override: 'break_glass', break_glass }
  })
const rules = fc
  .array(rule, { maxLength: 6 })
  .map((all) => all.map((one, n) => ({ id: `r${n}`, description: 'd', ...one })))
const params = {
  'db.export': { table: 't', rows: 1 },
  's3.copy': { bucket: 'b' },
  'iam.role.update': { role: 'r' },
} as const
const actions = fc.record({
  action: fc.constantFrom('db.export', 's3.copy', 'iam.role.update'),
  environment: fc.constantFrom('prod', 'dev', 'other'),
})

// JSON is YAML, so generated rules are written as JSON.
const bundle = (...files: readonly (readonly object[])[]) =>
  loaded(bundleFiles(Object.fromEntries(files.map((file, n) => [`rules/f${n}.yaml`, JSON.stringify(file)]))))
function judge(
  of: ReturnType<typeof bundle>,
  { action, environment }: { action: keyof typeof params; environment: string },
): Evaluation {
  const asked = { action, environment, resource: { type: 't', id: 'x' }, params: params[action] }
  return evaluate(of, { action: asked, agent: { id: 'a', name: 'b' }, at: '2026-11-24T14:00:00Z' })
}
const rank = ({ verdict }: Evaluation): number => ['allow', 'require_approval', 'deny'].indexOf(verdict.kind)

test('the order of rules, and how they are spread over files, has no meaning', () => {
  fc.assert(
    fc.property(rules, actions, fc.nat(), (all, action, cut) => {
      const together = bundle(all)
      const apart = bundle(all.slice(cut % 7).toReversed(), all.slice(0, cut % 7))

      expect(apart.digest).toBe(together.digest)
      expect(judge(apart, action)).toEqual(judge(together, action))
    }),
    { numRuns: 150 },
  )
})

test('where something already matched, adding a rule never weakens the verdict or any part of the requirement', () => {
  fc.assert(
    fc.property(rules, rule, actions, (all, added, action) => {
      const before = judge(bundle(all), action)
      const after = judge(bundle(all, [{ id: 'added', description: 'd', ...added }]), action)
      fc.pre(before.verdict.code !== 'unmatched')

      expect(rank(after)).toBeGreaterThanOrEqual(rank(before))
      if (before.requirement && after.requirement) expectNoWeaker(after.requirement, before.requirement)
      if (rank(before) === rank(after))
        expectNoShorterPath(after.verdict.breakGlass, before.verdict.breakGlass)
    }),
    { numRuns: 400 },
  )
})

test('an admin action is never allowed, whatever the rules say', () => {
  fc.assert(
    fc.property(rules, fc.constantFrom('prod', 'dev', 'other'), (all, environment) => {
      expect(judge(bundle(all), { action: 'iam.role.update', environment }).verdict.kind).not.toBe('allow')
    }),
    { numRuns: 150 },
  )
})

test('leg names are unique, and a requirement is there exactly when people are asked', () => {
  fc.assert(
    fc.property(rules, actions, (all, action) => {
      const { verdict, requirement } = judge(bundle(all), action)
      const names = requirement?.legs.map(({ name }) => name) ?? []

      expect(requirement !== null).toBe(verdict.kind === 'require_approval')
      expect(new Set(names).size).toBe(names.length)
    }),
    { numRuns: 150 },
  )
})

function expectNoWeaker(after: Requirement, before: Requirement): void {
  const set = (leg: Leg): string => leg.from.map(({ address }) => address).join(' ')
  const sizes = (legs: readonly Leg[]): number[] => legs.map(({ count }) => count)
  for (const leg of before.legs) {
    const kept = after.legs.filter((one) => set(one) === set(leg))
    expect(Math.max(0, ...sizes(kept))).toBeGreaterThanOrEqual(leg.count)
  }
  expect(after.legs.length).toBeGreaterThanOrEqual(before.legs.length)
  expect(after.expiresInSeconds).toBeLessThanOrEqual(before.expiresInSeconds)
  expect(after.grant.ttlSeconds).toBeLessThanOrEqual(before.grant.ttlSeconds)
  expect(after.denyCount).toBeLessThanOrEqual(before.denyCount)
  expect(after.reason?.minLength ?? 0).toBeGreaterThanOrEqual(before.reason?.minLength ?? 0)
  expect(after.reason?.patterns ?? []).toEqual(expect.arrayContaining([...(before.reason?.patterns ?? [])]))
  expect(after.confirm).toEqual(expect.arrayContaining([...before.confirm]))
  if (before.stepUp) expect(after.stepUp).toBe(true)
  expectNoWider(after, before)
  expectNoShorterPath(after.breakGlass, before.breakGlass)
}

/** Nobody may fill a leg after an escalation who could not before, or earlier. */
function expectNoWider(after: Requirement, before: Requirement): void {
  for (const leg of before.legs) {
    const same = after.legs.find((one) => addresses(one.from) === addresses(leg.from))
    const opened = after.escalate.filter(({ legs }) => same && legs.includes(same.name))
    const already = before.escalate.filter(({ legs }) => legs.includes(leg.name))
    for (const { to, afterSeconds } of opened) {
      expect(already.some((one) => one.to.address === to.address && one.afterSeconds <= afterSeconds)).toBe(
        true,
      )
    }
  }
}

function expectNoShorterPath(after: BreakGlass | null, before: BreakGlass | null): void {
  if (before === null) expect(after).toBeNull()
  if (after === null || before === null) return
  expect(before.who).toEqual(expect.arrayContaining([...after.who]))
  expect(after.reason.minLength).toBeGreaterThanOrEqual(before.reason.minLength)
  expect(after.reason.patterns).toEqual(expect.arrayContaining([...before.reason.patterns]))
  expect(after.grant.ttlSeconds).toBeLessThanOrEqual(before.grant.ttlSeconds)
  expect(after.reviewWithinSeconds).toBeLessThanOrEqual(before.reviewWithinSeconds)
}

const addresses = (sources: readonly Source[]): string => sources.map(({ address }) => address).join(' ')
