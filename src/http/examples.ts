import { digestAction } from '../core/action.ts'
import { Refusal, type RefusalCode } from '../core/refusal.ts'
import { exported, read, told } from './askExamples.ts'
import { narrowedExample } from './narrowedExample.ts'
import { type ProblemCode, problemOf } from './problem.ts'
import type { ReportedBody, RequestBody } from './requestSchema.ts'
import type { Examples } from './route.ts'

/*
 * What openapi.json shows. A test sends each body to a server with the policy that ships and compares what it answers;
 * docs/api.md shows the same.
 */

/** Where the sandbox listens. */
const baseUrl = 'http://127.0.0.1:3000'

const self = (id: string) => ({ self: `${baseUrl}/v1/requests/${id}` })
const id = 'req_01kaxyz0000000000000000000'
const alice = 'per_01kaxyz0000000000000000000'
const policy = 'sha256:95636f0000000000000000000000000000000000000000000000000000000000'

const pending: RequestBody = {
  id,
  state: 'pending',
  digest: digestAction(exported),
  ...exported,
  reason: told.reason,
  agent: { id: 'agt_01kaxyz0000000000000000000', name: 'billing-agent' },
  initiator: { person: alice, attested: false },
  run: told.run,
  verdict: {
    kind: 'require_approval',
    rules: ['data.export.prod', 'data.export.prod.security'],
    policy,
    message: null,
    code: 'rules',
    errors: [],
  },
  requirement: {
    legs: [
      { name: 'data-owner', count: 1, filled: 0 },
      { name: 'security', count: 1, filled: 0 },
    ],
    expires_at: '2026-11-24T14:45:00.000Z',
  },
  decisions: [],
  escalations: [],
  notes: [],
  broken_glass: null,
  held: null,
  grant: null,
  executions: [],
  rolls_back: null,
  revises: null,
  revised_by: null,
  narrows: null,
  narrowed_to: null,
  set: null,
  rollbacks: [],
  outcome: null,
  outcome_code: null,
  created_at: '2026-11-24T14:15:00.000Z',
  settled_at: null,
  links: self(id),
}
const decided = (kind: 'approve' | 'deny', person: string, at: string, reason: string | null = null) => ({
  kind,
  person,
  reason,
  at: `2026-11-24T14:${at}.000Z`,
  via: 'slack',
  late: false,
  ended: null,
})
const bob = 'per_01kaxyz0000000000000000001'
const priya = 'per_01kaxyz0000000000000000002'
const approved: RequestBody = {
  ...pending,
  state: 'approved',
  requirement: pending.requirement && {
    ...pending.requirement,
    legs: pending.requirement.legs.map((leg) => ({ ...leg, filled: 1 })),
  },
  decisions: [decided('approve', bob, '18:02'), decided('approve', priya, '20:41')],
  outcome: 'Approved.',
  outcome_code: 'approved',
  settled_at: '2026-11-24T14:20:41.000Z',
}
const refused = 'Send the counts instead of the addresses.'
const denied: RequestBody = {
  ...pending,
  state: 'denied',
  decisions: [decided('deny', priya, '20:41', refused)],
  outcome: refused,
  outcome_code: 'denied',
  settled_at: '2026-11-24T14:20:41.000Z',
}
const cancelled: RequestBody = {
  ...pending,
  state: 'cancelled',
  outcome: 'Cancelled by the agent.',
  outcome_code: 'cancelled',
  settled_at: '2026-11-24T14:16:30.000Z',
}
const expired: RequestBody = {
  ...pending,
  state: 'expired',
  outcome: 'Nobody decided in time.',
  outcome_code: 'timed_out',
  settled_at: '2026-11-24T14:45:00.000Z',
}
const allowed: RequestBody = {
  ...pending,
  state: 'approved',
  digest: digestAction(read),
  ...read,
  reason: null,
  initiator: { person: 'per_01kaxyz0000000000000000003', attested: false },
  run: null,
  verdict: { ...pending.verdict, kind: 'allow', rules: ['baseline.read-only'] },
  requirement: null,
  outcome: 'Policy says allow.',
  outcome_code: 'allowed',
  settled_at: pending.created_at,
}

const digestRun = digestAction(exported)
const grant = {
  id: 'grt_01kaxyz0000000000000000000',
  audience: 'warehouse',
  issued_at: '2026-11-24T14:20:42.000Z',
  expires_at: '2026-11-24T14:22:42.000Z',
  redeemed_at: '2026-11-24T14:20:43.120Z',
}
const by = { kind: 'agent', id: pending.agent.id } as const
const execution = {
  state: 'succeeded',
  by,
  digest: digestRun,
  result: 'sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae',
  links: ['https://agents.acme.test/runs/8841'],
  note: 'Exported in 14 s.',
  deviations: [],
  late: false,
  at: '2026-11-24T14:20:58.000Z',
} satisfies RequestBody['executions'][number]
const succeeded: RequestBody = {
  ...approved,
  state: 'succeeded',
  grant,
  executions: [execution],
  outcome: 'It was reported as done.',
}
const note = { at: '2026-11-24T14:16:10.000Z', by: bob, id: 'note_01kaxyz0000000000000000000' }
const asked: RequestBody = {
  ...pending,
  notes: [{ ...note, kind: 'changes', text: 'Leave the addresses out: the counts are enough.' }],
}
const answered: RequestBody = {
  ...asked,
  notes: [
    ...asked.notes,
    {
      id: 'note_01kaxyz0000000000000000001',
      kind: 'answer',
      by: 'agent',
      at: '2026-11-24T14:16:12.000Z',
      text: 'I will ask for the counts instead.',
      to: note.id,
    },
  ],
}

/** Bodies that answer a note. */
export const noteExamples = {
  answer: {
    summary: 'What the agent does about it',
    value: { to: note.id, text: 'I will ask for the counts instead.' },
  },
} as const satisfies Examples

/** As a look shows it. */
const placed: RequestBody = {
  ...succeeded,
  ledger: {
    origin: 'countersign.acme.com/ledger',
    first: 5120,
    latest: 5133,
    verify: `countersign audit request ${id}`,
  },
}
const more = { ...exported, params: { ...exported.params, rows: 2500000 } }
const deviated: RequestBody = {
  ...succeeded,
  executions: [
    {
      ...execution,
      digest: digestAction(more),
      deviations: [{ kind: 'field', pointer: '/params/rows', approved: 250000, actual: 2500000 }],
    },
  ],
}

/** What a resource is answered that reports. */
export const reportedExample = {
  summary: 'To a resource',
  value: {
    id: succeeded.id,
    state: succeeded.state,
    execution: { ...execution, by: { kind: 'resource', id: 'rsc_01kaxyz0000000000000000000' } },
  } satisfies ReportedBody,
} as const

/** Bodies that report. */
export const reportExamples = {
  action: {
    summary: 'What was run, whole',
    value: {
      state: 'succeeded',
      action: exported,
      links: execution.links,
      note: execution.note,
    },
  },
  digest: { summary: 'Its digest', value: { state: 'failed', digest: digestRun, note: 'The disk is full.' } },
} as const satisfies Examples

/** Answers that show a request. */
export const requestExamples = {
  pending: { summary: 'People decide', value: pending },
  approved: { summary: 'Both legs agreed', value: approved },
  changes: { summary: 'A person asks for changes; it still waits', value: asked },
  noted: { summary: 'The agent answered that', value: answered },
  denied: { summary: 'A person said no, and why', value: denied },
  expired: { summary: 'Nobody decided in time', value: expired },
  narrowed: {
    summary: 'An approver let less through: another request asks for that',
    value: narrowedExample(pending, { asked: exported, by: bob }),
  },
  cancelled: { summary: 'The agent took it back', value: cancelled },
  allowed: { summary: 'Policy allows it', value: allowed },
  succeeded: { summary: 'It was reported as done', value: succeeded },
  deviated: { summary: 'Something else was done', value: deviated },
  placed: { summary: 'With its place in the ledger', value: placed },
} as const satisfies Examples

/** A page that lists them. */
export const requestPageExample = { requests: [approved], next: null }

const call = '0b9d6c0e-5c1c-4f0a-9a51-2f6f0f6c9f3e'
const places: Partial<Record<RefusalCode, { readonly pointer: string; readonly detail: string }>> = {
  invalid_request: { pointer: '/environment', detail: 'This is required.' },
  lookalike_name: {
    pointer: '/resource/id',
    detail:
      'This is spelled almost like "warehouse.*", which the inventory of this policy has: use exactly that name. If something else is meant, its own name has to stand in the policy.',
  },
  not_revisable: { pointer: '/revises', detail: 'Nobody has asked for changes of it.' },
  id_token_refused: {
    pointer: '/initiator/id_token',
    detail: 'The token is over: let the person sign in again.',
  },
}

/** Problems with these codes, as the server answers them. */
export function problemExamples(codes: readonly ProblemCode[]): Examples {
  return Object.fromEntries(
    codes.map((code) => {
      const place = code === 'internal' ? undefined : places[code]
      const thrown = code === 'internal' ? new Error() : new Refusal(code, 'an example', place && [place])
      const { body } = problemOf(thrown, { baseUrl, call })
      return [code, { summary: code, value: body }]
    }),
  )
}
