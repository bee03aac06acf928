import { expect } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { sqlHere } from '../../../src/parsing/here.ts'
import { type Evaluation, evaluate } from '../../../src/policy/evaluate.ts'
import { readOutside } from '../../../src/policy/readers/outside.ts'
import { countedBy } from '../../../src/policyTools/tests/statedBudgets.ts'
import { filesIn, loaded } from '../files.ts'
import { params } from './params.ts'

const readText = await sqlHere()

export const bundle = loaded(filesIn('policies'))

const person = { id: 'per_alice', email: 'alice@acme.test', groups: ['eng'] }
const day = '2026-11-24T14:00:00Z'

interface How {
  /** Beside, or instead of, the ordinary parameters. */
  readonly params: JsonObject
  readonly at: string
}

type Ask = readonly [action: string, environment: string, resource: string]

/** One request and what the bundle that ships says of it. */
export interface Case extends Partial<How> {
  readonly ask: Ask
  readonly verdict: 'allow' | 'deny' | 'require_approval'
  readonly rules: readonly string[]
  /** Rules that only watch. */
  readonly observed?: readonly string[]
  /** Each leg as `name: count of source or source`. */
  readonly legs?: readonly string[]
  readonly channels?: readonly string[]
  readonly confirm?: readonly string[]
  readonly reason?: number
  /** Whether an emergency path is offered. */
  readonly breakGlass?: boolean
}

export const title = '$ask $params is $verdict by $rules'

/** What the bundle that ships says of a request; a resource is written as `type id`. */
export function judge([action, environment, resource]: Ask, how: Partial<How> = {}): Evaluation {
  const [type = '', id = ''] = resource.split(' ')
  const asked = { action, environment, resource: { type, id }, params: { ...params[action], ...how.params } }
  return evaluate(bundle, {
    action: asked,
    ...readOutside(bundle, asked, readText),
    ...countedBy(bundle, { action: asked, agent: 'agt_1', stated: {}, initiator: null }),
    agent: { id: 'agt_1', name: 'billing-agent', model: 'm', owner: person },
    initiator: { ...person, kind: 'human' },
    request: { reason: 'Because', source: 'api' },
    at: how.at ?? day,
  })
}

export function expectJudged({ ask, verdict, rules, ...expected }: Case): void {
  const judged = judge(ask, expected)
  const { requirement } = judged
  const asked = requirement?.legs.map(
    ({ name, count, from }) => `${name}: ${count} of ${from.map(({ ref }) => ref).join(' or ')}`,
  )
  const path = requirement?.breakGlass ?? judged.verdict.breakGlass

  expect(judged.verdict).toMatchObject({ kind: verdict, rules, errors: [] })
  if (expected.observed) expect(judged.verdict.observed).toEqual(expected.observed)
  if (expected.legs) expect(asked).toEqual(expected.legs)
  if (expected.channels) expect(requirement?.notify.channels).toEqual(expected.channels)
  if (requirement) expect(requirement.confirm).toEqual(expected.confirm ?? [])
  if (requirement) expect(requirement.reason?.minLength).toBe(expected.reason)
  if (expected.breakGlass !== undefined) expect(path !== null).toBe(expected.breakGlass)
}

export const asks = (...rules: readonly string[]) => ({ verdict: 'require_approval' as const, rules })
export const allows = (...rules: readonly string[]) => ({ verdict: 'allow' as const, rules })
export const denies = (...rules: readonly string[]) => ({ verdict: 'deny' as const, rules })
/** A name stands for a channel of each. */
const inApprovals = ['slack:C0APPROVALS', 'teams:19:acme-agent-approvals@thread.tacv2']
export const inData = ['slack:C0DATA', 'teams:19:acme-data-approvals@thread.tacv2']

export const platform = { legs: ['platform: 1 of group:platform-leads'], channels: inApprovals }
export const security = 'security: 1 of group:security'
