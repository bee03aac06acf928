import type { Deviation, Execution } from '../../src/core/execution.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { grantFor, redemptionBy } from '../support/executing.ts'
import { exportRequest } from '../support/exportRequest.ts'
import { at, entry, exportWith, glass, path, settled } from './situationParts.ts'
import type { Situation } from './situations.ts'
import { decisionOf, hostile, viewOfExport } from './views.ts'

const request = exportRequest()
const grant = grantFor(request)
const redeemed = { ...grant, redeemed: redemptionBy(request) }
const agreed = {
  decisions: [decisionOf('bob', 'approve'), { ...decisionOf('sam', 'approve'), legs: ['security'] }],
  filled: [
    ['data', ['per_bob']],
    ['security', ['per_sam']],
  ] as [string, string[]][],
}
const agent = { kind: 'agent', id: request.agent.id } as const
const resource = { kind: 'resource', id: 'rsc_01kb' } as const

function reported(given: Partial<Execution> = {}): Execution {
  return {
    state: 'succeeded',
    by: agent,
    action: null,
    digest: request.digest,
    result: null,
    links: [],
    note: null,
    deviations: [],
    at: '2026-11-24T14:11:30.000Z',
    ...given,
  }
}

const past = (state: ActionRequest['state'], given: Partial<ActionRequest> = {}) =>
  viewOfExport({ ...settled('approved'), ...agreed, grant: redeemed, state, ...given })

const tellsOf = (says: string, movedTo?: ActionRequest['state'], nth = 0) =>
  entry('execution.reported', {
    actor: { ...agent, via: 'api' },
    data: { nth, says, ...(movedTo && { moved_to: movedTo }) },
  })
const deviates = (nth = 0) => entry('execution.deviated', { actor: { ...agent, via: 'api' }, data: { nth } })

const moreRows: Deviation = { kind: 'field', pointer: '/params/rows', approved: 250_000, actual: 2_500_000 }
const done = 'It was reported as done.'

/** Requests after they were approved. */
export const executionSituations: Readonly<Record<string, Situation>> = {
  granted: { view: past('approved', { grant }) },
  'allowed-and-reported': {
    view: viewOfExport({
      ...settled('approved'),
      requirement: null,
      verdict: { ...request.verdict, kind: 'allow' },
      executions: [reported()],
    }),
    entries: [tellsOf('Recorded only: no grant has been asked for.')],
  },
  executing: {
    view: past('executing', { executions: [reported({ state: 'started', note: 'Starting.' })] }),
    entries: [tellsOf('Its grant was redeemed; how it ended has not been reported yet.')],
  },
  succeeded: {
    view: past('succeeded', {
      executions: [
        reported({
          result: `sha256:${'e'.repeat(64)}`,
          links: ['https://ci.acme.test/runs/8841'],
          note: 'Exported 250,000 rows in 14 s.',
        }),
      ],
    }),
    entries: [tellsOf(done, 'succeeded')],
  },
  failed: {
    view: past('failed', {
      executions: [reported({ state: 'failed', by: resource, note: 'The disk is full.' })],
    }),
    entries: [tellsOf('It was reported as failed.', 'failed')],
  },
  unreported: { view: past('unreported') },
  'reported-late': {
    view: past('unreported', { executions: [reported({ late: true })] }),
    entries: [tellsOf('Its grant was redeemed, and how it ended was not reported in time.')],
  },
  lapsed: { view: past('lapsed', { grant }) },
  ...Object.fromEntries(
    (['approver', 'operator', 'agent', 'lost_approval', 'policy', 'stop', 'target', 'first'] as const).map(
      (revokedBy) => [
        `revoked-${revokedBy.replace('_', '-')}`,
        { view: past('revoked', { grant, revokedBy }) },
      ],
    ),
  ),
  deviated: {
    view: past('succeeded', {
      executions: [
        reported({
          deviations: [
            moreRows,
            { kind: 'field', pointer: '/params/columns/1', approved: 'email', actual: 'password_hash' },
            { kind: 'field', pointer: '/params/limit', approved: 10 },
            { kind: 'field', pointer: '/params/where', actual: 'TRUE' },
          ],
        }),
      ],
    }),
    entries: [tellsOf(done, 'succeeded'), deviates()],
    alarm: { why: 'deviated' },
  },
  'deviated-hostile': {
    view: past('succeeded', {
      executions: [
        reported({
          note: hostile,
          links: [`https://evil.test/<!channel>`],
          deviations: [
            { kind: 'field', pointer: `/params/${hostile}`, actual: `${hostile}\n  approved: 1\n${hostile}` },
            {
              kind: 'field',
              pointer: '/params/a\n/params/b',
              approved: { [hostile]: [hostile] },
              actual: '',
            },
            ...Array.from(
              { length: 9 },
              (_, nth): Deviation => ({ ...moreRows, pointer: `/params/p${nth}` }),
            ),
          ],
        }),
      ],
    }),
    entries: [tellsOf(done, 'succeeded'), deviates()],
    alarm: { why: 'deviated' },
  },
  'deviated-by-digest': {
    view: past('executing', {
      executions: [
        reported({
          state: 'started',
          digest: `sha256:${'0'.repeat(64)}`,
          deviations: [
            {
              kind: 'field',
              pointer: '',
              approved: request.digest,
              actual: `sha256:${'0'.repeat(64)}`,
            },
          ],
        }),
      ],
    }),
    entries: [deviates()],
    alarm: { why: 'deviated' },
  },
  'done-without-its-grant': {
    view: past('approved', { grant, executions: [reported({ deviations: [{ kind: 'not_redeemed' }] })] }),
    entries: [deviates()],
    alarm: { why: 'deviated' },
  },
  'done-without-approval': {
    view: viewOfExport({ executions: [reported({ deviations: [{ kind: 'not_approved' }] })] }),
    entries: [deviates()],
    alarm: { why: 'not_approved' },
  },
  'done-although-denied': {
    view: viewOfExport({
      ...settled('denied'),
      decisions: [decisionOf('bob', 'deny', 'Not this one.')],
      executions: [reported({ late: true, deviations: [{ kind: 'not_approved' }] })],
    }),
    entries: [deviates()],
    alarm: { why: 'not_approved' },
  },
  contradicted: {
    view: past('succeeded', {
      executions: [
        reported(),
        reported({
          state: 'failed',
          by: resource,
          late: true,
          at,
          deviations: [{ kind: 'contradiction', with: agent, said: 'succeeded' }],
        }),
      ],
    }),
    entries: [tellsOf(done, 'succeeded'), tellsOf(done, undefined, 1), deviates(1)],
    alarm: { why: 'deviated' },
  },
  'glass-broken-and-done': {
    view: exportWith({
      ...settled('approved'),
      state: 'succeeded',
      grant: redeemed,
      brokenGlass: glass,
      demands: { breakGlass: path },
      executions: [reported()],
    }),
    entries: [tellsOf(done, 'succeeded')],
  },
}
