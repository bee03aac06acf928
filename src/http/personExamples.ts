import { digestOf } from '../core/digest.ts'
import { requestExamples } from './examples.ts'
import type { PersonalRequestBody } from './personSchema.ts'
import type { Examples } from './route.ts'

/*
 * What openapi.json shows of what people read and decide by their tokens.
 */

const { id, digest, action, resource, params, environment, reason, agent, created_at } =
  requestExamples.pending.value

const seen = [
  `action: ${action}`,
  `resource: ${resource.type} ${resource.id}`,
  `environment: ${environment}`,
  'parameters:',
  '  columns: ["id","email"]',
  '  destination: "s3://acme-lake-in/x"',
  '  rows: 250000',
  '  table: "users"',
  `digest: ${digest}`,
].join('\n')

const waiting: PersonalRequestBody = {
  id,
  state: 'pending',
  digest,
  view: digestOf('countersign/seen/v2', { text: seen }),
  seen,
  action,
  resource,
  environment,
  params,
  reason,
  agent,
  initiator: { ...requestExamples.pending.value.initiator, name: 'Alice' },
  why: ['Production data leaves the warehouse: its owner decides.', 'Security decides, too.'],
  asks: {
    legs: [
      { name: 'data-owner', from: ['owner'], count: 1, filled: 0 },
      { name: 'security', from: ['group:security'], count: 1, filled: 0 },
    ],
    deny_count: 1,
    reason: null,
    typed: [],
    step_up: false,
    via: ['card', 'thread', 'api'],
    expires_at: '2026-11-24T14:45:00.000Z',
  },
  you: { legs: ['security'], may: ['approve', 'deny'], refused: null },
  decisions: [],
  notes: [],
  held: null,
  outcome: null,
  outcome_code: null,
  created_at,
  settled_at: null,
  links: { self: `http://127.0.0.1:3000/v1/me/requests/${id}` },
}

const decided: PersonalRequestBody = {
  ...waiting,
  asks: waiting.asks && {
    ...waiting.asks,
    legs: waiting.asks.legs.map((leg) => ({ ...leg, filled: leg.name === 'security' ? 1 : 0 })),
  },
  you: { legs: [], may: ['withdraw'], refused: 'already_decided' },
  decisions: [
    {
      kind: 'approve',
      person: 'per_01kaxyz0000000000000000002',
      name: 'Priya',
      reason: null,
      at: '2026-11-24T14:20:41.000Z',
      via: 'api',
      late: false,
      ended: null,
    },
  ],
}

export const personalRequestExamples = {
  waiting: { summary: 'It waits for this person', value: waiting },
  decided: { summary: 'They have approved; another leg is open', value: decided },
} as const satisfies Examples

export const personalPageExample = { requests: [waiting], next: null }

export const decisionExamples = {
  approve: { summary: 'Approve', value: { decision: 'approve', digest, view: waiting.view } },
  deny: {
    summary: 'Deny',
    value: { decision: 'deny', reason: 'Send the counts instead.', digest, view: waiting.view },
  },
  withdraw: { summary: 'Take an approval back', value: { decision: 'withdraw' } },
} as const satisfies Examples
