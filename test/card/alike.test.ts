import { expect, test } from 'vitest'
import { askOf } from '../../src/card/alike.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { exportRequest } from '../support/exportRequest.ts'

/** As it is asked: nothing has happened to it. */
const made = (change: Partial<ActionRequest> = {}): ActionRequest => ({ ...exportRequest({}), ...change })
const facts = (more: Partial<ActionRequest['verdict']['facts']>) => {
  const { verdict } = made()
  return { verdict: { ...verdict, facts: { ...verdict.facts, ...more } as typeof verdict.facts } }
}
const alike = (change: Partial<ActionRequest>) =>
  JSON.stringify(askOf(made(change))) === JSON.stringify(askOf(made()))

test.each<readonly [string, Partial<ActionRequest>]>([
  [
    'another id and key',
    { id: 'req_other', idempotencyKey: 'other', bodyDigest: 'sha256:other', salt: 'c2FsdA==' },
  ],
  ['another moment', { createdAt: '2026-11-24T15:00:00.000Z', expiresAt: '2026-11-24T15:30:00.000Z' }],
  ['other words of the agent', { reason: 'Because I said so' }],
  ['another address that is told', { callbackUrl: 'https://agent.acme.test/hook' }],
  ['another key of the agent', { agent: { ...made().agent, key: 'key_other' } }],
  ['what the record said then', facts({ earlier: { nth: 7, answered: 41 } })],
  [
    'the time of day',
    facts({ at: '2026-11-24T15:00:00.000Z', time: { now: '2026-11-24T15:00:00.000Z', hour: 15 } }),
  ],
])('%s makes no difference', (_, change) => {
  expect(alike(change)).toBe(true)
})

const { agent, behind, requirement, verdict, action } = made()
test.each<readonly [string, Partial<ActionRequest>]>([
  ['another agent', { agent: { ...agent, id: 'agt_other' } }],
  ['another owner of it', { agent: { ...agent, owner: 'per_other' } }],
  ['another action', { action: { ...action, environment: 'staging' }, digest: 'sha256:other' }],
  ['another initiator', { initiator: { person: 'per_other', claim: 'email' } }],
  ['somebody else behind it', { behind: [...behind, { person: 'per_other', role: 'involved' }] }],
  ['another requirement', { requirement: requirement && { ...requirement, denyCount: 2 } }],
  ['another deadline', { requirement: requirement && { ...requirement, expiresInSeconds: 60 } }],
  ['another run', { run: { session: 'another' } }],
  ['other rules', { verdict: { ...verdict, rules: ['other'] } }],
  ['another policy', { verdict: { ...verdict, policy: 'sha256:other' } }],
  ['what its run has read', facts({ run: { sensitivities: ['secret'], labels: [] } })],
  ['what budgets have counted', facts({ budget: { exports: { count: 3 } } })],
])('%s makes a difference', (_, change) => {
  expect(askOf(made(change))).not.toBeNull()
  expect(alike(change)).toBe(false)
})

test('what nobody knows here makes a difference', () => {
  expect(alike({ somethingNew: 1 } as Partial<ActionRequest>)).toBe(false)
})

test.each<readonly [string, Partial<ActionRequest>]>([
  ['was asked with others', { set: { id: 'set_1', card: 'req_1' } }],
  ['undoes something', { rollsBack: 'req_first' }],
  ['revises something', { revises: 'req_first' }],
  ['can only be lifted', { verdict: { ...verdict, kind: 'deny' } }],
  ['waits for nobody', { state: 'approved' }],
  ['changes the policy', { action: { ...action, action: 'policy.activate' } }],
  ['does not fit a card', { action: { ...action, params: { query: 'x '.repeat(6_000) } } }],
])('what %s has a card of its own', (_, change) => {
  expect(askOf(made(change))).toBeNull()
})
