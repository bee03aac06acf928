import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { BreakGlass, Leg, Requirement } from '../../src/core/requirement.ts'
import { waysOf } from '../../src/core/ways.ts'
import { type Evaluation, evaluate } from '../../src/policy/evaluate.ts'
import { cases } from '../support/cases.ts'
import { bundleFiles, loaded } from './files.ts'
import { actions, params, rule, rules } from './generated.ts'
import { letInSooner } from './letIn.ts'

/** The inventory, with an owner of the resource that is asked about, or without. */
const inventory = fc.constantFrom('user:omar', 'group:data', null).map((owner) => ({
  'resources.yaml': JSON.stringify({
    apiVersion: 'countersign/v1',
    kind: 'ResourceInventory',
    resources: owner === null ? [] : [{ match: { type: 't', id: 'x' }, sensitivity: 'internal', owner }],
  }),
}))

// JSON is YAML, so generated rules are written as JSON.
const bundle = (...files: readonly (readonly object[])[]) => bundleWith({}, ...files)
const bundleWith = (more: Readonly<Record<string, string>>, ...files: readonly (readonly object[])[]) =>
  loaded(
    bundleFiles({
      ...more,
      ...Object.fromEntries(files.map((file, n) => [`rules/f${n}.yaml`, JSON.stringify(file)])),
    }),
  )
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
    { numRuns: cases(150) },
  )
})

test('where something already matched, adding a rule never weakens the verdict or any part of the requirement', () => {
  fc.assert(
    fc.property(rules, rule, actions, inventory, (all, added, action, more) => {
      const before = judge(bundleWith(more, all), action)
      fc.pre(before.verdict.code !== 'unmatched')
      const after = judge(bundleWith(more, all, [{ id: 'added', description: 'd', ...added }]), action)

      expect(rank(after)).toBeGreaterThanOrEqual(rank(before))
      if (before.requirement && after.requirement) {
        expectNoWeaker(after.requirement, before.requirement)
        expect(letInSooner(after.requirement, before.requirement)).toEqual([])
      }
      if (rank(before) === rank(after))
        expectNoShorterPath(after.verdict.breakGlass, before.verdict.breakGlass)
    }),
    { numRuns: cases(400) },
  )
})

test('an admin action is never allowed, whatever the rules say', () => {
  fc.assert(
    fc.property(rules, fc.constantFrom('prod', 'dev', 'other'), (all, environment) => {
      expect(judge(bundle(all), { action: 'iam.role.update', environment }).verdict.kind).not.toBe('allow')
    }),
    { numRuns: cases(150) },
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
    { numRuns: cases(150) },
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
  expect(waysOf(before)).toEqual(expect.arrayContaining([...waysOf(after)]))
  expectNoShorterPath(after.breakGlass, before.breakGlass)
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
