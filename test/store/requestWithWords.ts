import type { ActionRequest } from '../../src/core/request.ts'
import { madeBrokenGlass, madeReview } from './contractEmergencies.ts'
import { at, madeNarrowed, madeNote, madeRequest } from './made.ts'
import { madeExecution, madeGrant, redemption } from './madeGrants.ts'

/** A word that stands in one place alone. */
export const word = (where: string) => `word-in-${where}`
const salt = Buffer.alloc(16, 9).toString('base64')

/** A request to which everything has happened, and that ended, step by step; every place where somebody can write has a word of its own. */
export function everything(): readonly ActionRequest[] {
  const made = madeRequest({ salt, bodyDigest: `sha256:${'c'.repeat(64)}` })
  const { requirement, verdict } = made
  const asked: ActionRequest = {
    ...made,
    action: { ...made.action, params: { note: word('params') } },
    reason: word('reason'),
    run: { session: word('run') },
    verdict: {
      ...verdict,
      ...{ code: 'invalid_request', message: word('message') },
      ...{ facts: { because: [word('facts')] }, errors: [word('errors')] },
    },
    requirement: requirement && { ...requirement, confirm: [word('confirm')] },
    callbackUrl: `https://agent.acme.test/${word('callback')}`,
  }
  const shown: ActionRequest = {
    ...asked,
    version: 2,
    preview: { kind: 'made', target: 'warehouse', tables: [word('preview')], rows: 3, at },
  }
  const noted: ActionRequest = {
    ...shown,
    version: 3,
    notes: [
      { ...madeNote, text: word('changes') },
      {
        ...madeNote,
        ...{
          id: 'note_2',
          kind: 'answer',
          by: 'agent',
          account: null,
          to: madeNote.id,
          text: word('noteAnswer'),
        },
      },
    ],
  }
  const broken: ActionRequest = {
    ...noted,
    ...{ version: 4, state: 'approved', outcome: word('message'), settledAt: at },
    decisions: [
      {
        ...{ person: 'per_bob', account: 'slack:T0ACME:U0BOB', kind: 'deny', legs: [], via: 'slack', at },
        ...{ reason: word('decision'), typed: [word('typed')], seen: `sha256:${'d'.repeat(64)}`, late: true },
        ended: { how: 'withdrawn', reason: word('withdrawal'), at },
      },
    ],
    escalations: [
      {
        ...{ at, by: 'per_bob', reason: word('escalation'), legs: [] },
        to: { ref: 'group:security', kind: 'group', address: 'slack:S0SEC' },
      },
    ],
    brokenGlass: { ...madeBrokenGlass, reason: word('glass') },
    narrowed: { ...madeNarrowed, reason: word('narrowing') },
  }
  const grant = madeGrant(made.id)
  const granted: ActionRequest = { ...broken, version: 5, grant }
  const running: ActionRequest = {
    ...granted,
    ...{ version: 6, state: 'executing', grant: { ...grant, redeemed: redemption } },
  }
  const done: ActionRequest = {
    ...running,
    ...{ version: 7, state: 'succeeded' },
    executions: [
      madeExecution({
        action: { ...made.action, params: { note: word('done') } },
        digest: `sha256:${'e'.repeat(64)}`,
        result: `sha256:${'f'.repeat(64)}`,
        links: [`https://ci.acme.test/${word('link')}`],
        note: word('note'),
        deviations: [
          { kind: 'field', pointer: '/params/note', approved: word('approved'), actual: word('actual') },
        ],
      }),
    ],
  }
  const reviewed: ActionRequest = {
    ...done,
    version: 8,
    brokenGlass: {
      ...madeBrokenGlass,
      reason: word('glass'),
      review: { ...madeReview, note: word('review') },
    },
  }
  return [asked, shown, noted, broken, granted, running, done, reviewed]
}
