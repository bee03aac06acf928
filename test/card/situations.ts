import type { Alarm } from '../../src/card/alarm.ts'
import type { RequestView } from '../../src/card/view.ts'
import type { Entry } from '../../src/ledger/entry.ts'
import { alarmSituations } from './alarmSituations.ts'
import { awaySituations } from './awaySituations.ts'
import { brokenGlassSituations } from './brokenGlassSituations.ts'
import { earlierSituations } from './earlierSituations.ts'
import { executionSituations } from './executionSituations.ts'
import { expiredSituations } from './expiredSituations.ts'
import { changeOfPolicy, kept } from './impact.ts'
import { narrowingSituations } from './narrowingSituations.ts'
import { noteSituations } from './noteSituations.ts'
import { otherResourceSituations } from './otherResourceSituations.ts'
import { previewSituations } from './previewSituations.ts'
import { readingSituations } from './readingSituations.ts'
import { rollbackSituations } from './rollbackSituations.ts'
import { runSituations } from './runSituations.ts'
import { at, decided, entry, exportWith, group, path, settled, toLeads } from './situationParts.ts'
import { stoppedSituations } from './stoppedSituations.ts'
import { decisionOf, hostile, viewOfExport } from './views.ts'

/** A request in a situation that people meet, and what its ledger says of it that the thread may tell. */
export interface Situation {
  readonly view: RequestView
  /** Of the card on which it is shown; posted if nothing is said. */
  readonly status?: 'posted' | 'replaced'
  readonly entries?: readonly Entry[]
  /** Raised about it, besides those about a broken glass. */
  readonly alarm?: Alarm
}

/** By the name of its golden files. */
export const situations: Readonly<Record<string, Situation>> = {
  pending: { view: viewOfExport() },
  'pending-in-writing': {
    view: exportWith({
      demands: { reason: { minLength: 20, patterns: ['TICKET-[0-9]+'] }, confirm: ['users', 'two\nlines'] },
    }),
  },
  'pending-escalation': { view: exportWith({ demands: { escalate: [toLeads] } }) },
  'pending-break-glass': { view: exportWith({ demands: { breakGlass: path } }) },
  'pending-owner': {
    view: viewOfExport({
      params: {},
      effect: null,
      reason: ' ',
      run: null,
      initiator: { person: 'per_lee', claim: 'agent_owner' },
      behind: [{ person: 'per_lee', role: 'agent_owner' }],
    }),
  },
  'pending-attested': {
    view: viewOfExport({
      initiator: {
        person: 'per_alice',
        claim: 'id_token',
        signedIn: { issuer: 'https://login.example.com/t/1', at: '2026-11-24T14:02:00.000Z' },
      },
    }),
  },
  'seat-filled': {
    view: viewOfExport({
      decisions: [decisionOf('bob', 'approve', 'As agreed in TICKET-7.')],
      filled: [['data', ['per_bob']]],
    }),
    entries: [decided],
  },
  // Bob left, Sam turned out to be behind it, which no release has found yet.
  'approvals-lapsed': {
    view: viewOfExport({
      decisions: [
        { ...decisionOf('bob', 'approve'), ended: { how: 'lapsed', why: { cause: 'left' }, at } },
        { ...decisionOf('sam', 'approve'), legs: ['security'] },
      ],
      behind: [
        { person: 'per_alice', role: 'initiator' },
        { person: 'per_sam', role: 'agent_owner' },
      ],
    }),
    entries: [
      decided,
      entry('decision.lapsed', {
        actor: { kind: 'system', id: 'release', via: 'directory' },
        data: { account: 'slack:T0ACME:U0BOB', decided_at: '2026-11-24T14:09:00.000Z', legs: ['data'] },
      }),
    ],
  },
  'approval-withdrawn': {
    view: viewOfExport({
      decisions: [
        {
          ...decisionOf('bob', 'approve'),
          ended: { how: 'withdrawn', reason: 'I took it for the *test* database.', at },
        },
      ],
    }),
    entries: [entry('decision.withdrawn', { data: { decided_at: ['2026-11-24T14:09:00.000Z'] } })],
  },
  'approved-again': {
    view: viewOfExport({
      decisions: [
        { ...decisionOf('bob', 'approve'), ended: { how: 'withdrawn', reason: null, at } },
        { ...decisionOf('bob', 'approve', 'It is the right one.'), at: '2026-11-24T14:12:00.000Z' },
      ],
      filled: [['data', ['per_bob']]],
    }),
    entries: [entry('decision.made', { data: { at: '2026-11-24T14:12:00.000Z' } })],
  },
  'legs-joined': {
    view: exportWith({
      decisions: [decisionOf('bob', 'approve')],
      filled: [['data', ['per_bob']]],
      demands: {
        legs: [
          { name: 'data', from: [group('S0DATA'), group('S0OWNERS')], count: 2 },
          { name: 'security', from: [group('S0SECURITY')], count: 1 },
          {
            name: 'legal & privacy',
            from: [group('S0LEGAL'), { ref: 'user:ann', kind: 'account', address: 'teams:ann' }],
            count: 3,
          },
        ],
      },
      judged: {
        rules: ['data.export.pii', 'data.export.size'],
        why: [
          { rule: 'data.export.pii', says: 'Any personal column also needs Security.' },
          { rule: 'data.export.size', says: '100k rows or more < everything & more.' },
          ...Array.from({ length: 5 }, (_, nth) => ({ rule: `more.${nth}`, says: 'Another rule.' })),
        ],
        message: 'Exports are frozen until <Monday>.',
      },
    }),
  },
  escalated: {
    view: exportWith({
      demands: {
        escalate: [
          toLeads,
          { ...toLeads, afterSeconds: 1_200 },
          { afterSeconds: 1_800, to: group('S0CTO'), legs: [] },
        ],
      },
      escalations: [
        { at, by: 'per_bob', reason: 'Security is at the offsite.', to: toLeads.to, legs: ['security'] },
        { at: '2026-11-24T14:23:00.000Z', by: 'deadline', reason: null, to: group('S0CTO'), legs: [] },
      ],
    }),
    entries: [
      entry('request.escalated', { data: { nth: 0 } }),
      entry('request.escalated', { data: { nth: 1 } }),
    ],
  },
  'denial-to-lift': {
    view: exportWith({
      judged: { kind: 'deny', message: 'Not in November.', breakGlass: path },
      demands: { legs: [], breakGlass: path },
    }),
  },
  unmatched: { view: exportWith({ judged: { code: 'unmatched', rules: [], why: [] } }) },
  'not-evaluated': {
    view: exportWith({
      judged: {
        errors: [
          'Rule data.export.pii could not be evaluated and was treated as matching: no such key',
          ...Array.from({ length: 4 }, (_, nth) => `Rule r${nth} could not be evaluated: <${nth}>`),
        ],
        observed: ['new.rule'],
      },
    }),
  },
  'too-long': {
    view: exportWith({
      params: { query: 'SELECT 1; '.repeat(300), hidden: '\u202e' },
      demands: { breakGlass: path },
    }),
  },
  'hidden-characters': {
    view: viewOfExport({
      action: {
        action: 'db.export',
        resource: { type: 'table', id: `users${' '.repeat(200)}PROD` },
        params: { [hostile]: hostile, note: `a\u200bb${'\u0301'.repeat(5)}` },
        environment: 'prod\u00a0uction',
      },
      reason: `${hostile}\n\n\n${hostile}`,
      run: { model: hostile },
      agent: { id: 'agt_1', name: `billing <!here> ${hostile}`, owner: 'per_lee', key: 'key_1' },
    }),
  },
  approved: {
    view: viewOfExport({
      ...settled('approved'),
      decisions: [decisionOf('bob', 'approve'), { ...decisionOf('sam', 'approve'), legs: ['security'] }],
      filled: [
        ['data', ['per_bob']],
        ['security', ['per_sam']],
      ],
    }),
    entries: [decided, entry('request.approved')],
  },
  denied: {
    view: viewOfExport({ ...settled('denied'), decisions: [decisionOf('bob', 'deny', `No. ${hostile}`)] }),
    entries: [decided, entry('request.denied')],
  },
  expired: {
    view: viewOfExport({
      ...settled('expired'),
      decisions: [decisionOf('bob', 'approve')],
      filled: [['data', ['per_bob']]],
    }),
    entries: [entry('request.expired')],
  },
  ...expiredSituations,
  ...earlierSituations,
  ...executionSituations,
  ...rollbackSituations,
  'expired-denial': {
    view: exportWith({
      ...settled('expired'),
      judged: { kind: 'deny', breakGlass: path },
      demands: { legs: [], breakGlass: path },
    }),
    entries: [entry('request.expired')],
  },
  cancelled: { view: viewOfExport(settled('cancelled')), entries: [entry('request.cancelled')] },
  ...brokenGlassSituations,
  'policy-in-force': {
    view: viewOfExport(settled('approved')),
    entries: [
      entry('policy.activated'),
      entry('policy.refused', { data: { says: 'Another policy became active while this one was decided.' } }),
    ],
  },
  'what-it-does': {
    view: exportWith({
      params: {
        table: 'users',
        rows: 250_000,
        columns: ['id', 'email'],
        destination: 's3://else-where/x',
        sql: "SELECT id, email\nFROM users WHERE plan = 'free' AND signed_up_at > '2026-01-01'\n  -- │ not ours",
      },
      run: {
        model: 'claude-opus-5',
        session: 'run-8841',
        url: 'https://agents.acme.test@evil.test/runs/8841',
      },
      judged: { facts: kept },
      demands: {
        legs: [
          {
            name: 'data',
            from: [{ ref: 'owner', kind: 'account', address: 'slack:U0LEE' }, group('S0DATA')],
            count: 1,
          },
          { name: 'security', from: [group('S0SECURITY')], count: 1 },
        ],
      },
    }),
  },
  'look-alike': {
    view: viewOfExport({
      params: {
        to: 'https://раураl.com/pay',
        cc: ['info@xn--l-7sba6dbr.com', 'ｅxample.com'],
        note: 'a literal [U+202E] and a real \u202e one',
      },
      reason: 'See xn--l-7sba6dbr.com.',
      agent: { id: 'agt_1', name: 'סוכן 250', owner: 'per_lee', key: 'key_1' },
    }),
  },
  // What a rule would have allowed.
  'owner-left': {
    view: exportWith({
      judged: {
        code: 'owner_left',
        rules: [],
        why: [],
        message:
          'The owner of this agent has left, and nobody answers for it, so people are asked about what a rule allows.',
        facts: { ...kept, because: [], agent: { id: 'agt_01kb', owner: { id: 'per_lee', left: true } } },
      },
    }),
  },
  ...narrowingSituations,
  ...noteSituations,
  ...otherResourceSituations,
  ...runSituations,
  'policy-change': { view: changeOfPolicy() },
  'policy-change-outdated': { view: { ...changeOfPolicy(), change: 'outdated' } },
  'policy-change-refused': { view: { ...changeOfPolicy(settled('approved')), change: 'refused' } },
  ...alarmSituations,
  ...stoppedSituations,
  ...awaySituations,
  ...previewSituations,
  ...readingSituations,
  replaced: { view: viewOfExport(), status: 'replaced' },
}
