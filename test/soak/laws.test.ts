import { describe, expect, test } from 'vitest'
import type { Evidence } from '../../bench/soak/evidence.ts'
import { judge, laws } from '../../bench/soak/laws.ts'
import {
  began,
  calm,
  card,
  click,
  entry,
  heard,
  job,
  life,
  message,
  promise,
  request,
  sample,
} from './made.ts'

type Change = (evidence: Evidence) => Partial<Evidence>

/** What breaks each law: what it is, and the calm evidence changed so that it is so. */
const violations: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  'nothing acknowledged is lost': {
    'a request that was acknowledged is gone': ({ requests }) => ({ requests: requests.slice(1) }),
    'a key was answered with two ids': ({ promises }) => ({
      promises: [...promises, promise({ heard: [heard(), heard({ id: 'req_3' })] })],
    }),
    'it is recorded under another key': ({ requests }) => ({
      requests: requests.map((one) => (one.id === 'req_1' ? { ...one, key: 'soak-9' } : one)),
    }),
  },
  'an end that was told stands': {
    'the record says otherwise': ({ requests }) => ({
      requests: requests.map((one) => (one.id === 'req_1' ? { ...one, state: 'denied' } : one)),
    }),
    'a later answer says otherwise': () => ({
      promises: [promise({ heard: [heard(), heard({ at: began + 9_000, state: 'pending' })] })],
    }),
  },
  'every decision that a person was told is recorded': {
    'a window closed and nothing is recorded': ({ clicks }) => ({
      clicks: [...clicks, click({ deed: 'deny', acked: 'closed', delivery: 'slack:t2' })],
    }),
    'a click was queued and never ended': ({ clicks }) => ({
      clicks: [...clicks, click({ delivery: 'slack:t2', told: ['It is safely queued under your name.'] })],
    }),
    'what was recorded is a refusal': ({ clicks, entries }) => ({
      clicks: [...clicks, click({ acked: 'closed', delivery: 'slack:t2' })],
      entries: [...entries, entry({ id: 'ent_x', type: 'decision.refused', delivery: 'slack:t2' })],
    }),
  },
  'nobody decides who did not click': {
    'a decision came from nowhere': () => ({ clicks: [] }),
  },
  'one request for each idempotency key': {
    'a key has two': ({ requests }) => ({ requests: [...requests, request({ id: 'req_5' })] }),
  },
  'one entry for each delivery': {
    'a click has two': ({ entries }) => ({
      entries: [...entries, entry({ id: 'ent_x', type: 'decision.refused', delivery: 'slack:t1' })],
    }),
    'a click took effect without one': ({ clicks }) => ({
      clicks: [...clicks, click({ delivery: 'slack:t2' })],
      deliveries: ['slack:t1', 'slack:t2'],
    }),
  },
  'one live card for each request and conversation': {
    'two are live': ({ cards }) => ({ cards: [...cards, card({ id: 'crd_3', message: '1.9' })] }),
    'one was recorded twice': ({ entries }) => ({
      entries: [...entries, entry({ id: 'ent_x', type: 'card.posted', card: 'crd_1' })],
    }),
  },
  'no line of a thread twice': {
    'it says who agreed twice': ({ messages }) => ({
      messages: [...messages, message({ ts: '1.4', thread: '1.1', text: 'Sam agreed for release.' })],
    }),
  },
  'every change has its entry': {
    'a version has none': ({ requests }) => ({
      requests: requests.map((one) => (one.id === 'req_1' ? { ...one, version: 3 } : one)),
    }),
    'an end has none': ({ entries }) => ({
      entries: entries.filter(({ type, request: id }) => !(id === 'req_1' && type === 'request.approved')),
    }),
    'it ended twice': ({ entries }) => ({
      entries: [...entries, entry({ id: 'ent_x', type: 'request.denied' })],
    }),
    'it was submitted twice': ({ entries }) => ({ entries: [...entries, entry({ id: 'ent_x' })] }),
    'a decision is in the ledger only': ({ requests }) => ({
      requests: requests.map((one) => (one.id === 'req_1' ? { ...one, decisions: [] } : one)),
    }),
    'entries tell of a request that is not there': ({ entries }) => ({
      entries: [...entries, entry({ id: 'ent_x', request: 'req_9' })],
    }),
  },
  'nobody behind an action released it': {
    'by the people of the record': ({ requests }) => ({
      requests: requests.map((one) => ({
        ...one,
        behind: [...one.behind, { person: 'per_sam', role: 'involved' }],
      })),
    }),
    'by the person that one of them turned out to be': ({ links }) => ({
      links: [...links, { account: 'person:per_sam', person: 'per_lee' }],
    }),
    'by the account that was used': ({ links }) => ({
      links: links.map((one) => ({ ...one, person: 'per_alice' })),
    }),
    'by what the soak knows of who asked': ({ promises }) => ({
      promises: promises.map((one) => ({ ...one, behind: [...one.behind, 'U0SAM'] })),
    }),
  },
  'what people released had enough of them': {
    'a leg is empty': ({ requests }) => ({
      requests: requests.map((one) =>
        one.id === 'req_1' ? { ...one, legs: [{ name: 'release', count: 2 }] } : one,
      ),
    }),
    'one person sits in two seats': ({ requests }) => ({
      requests: requests.map((one) =>
        one.id === 'req_1'
          ? {
              ...one,
              legs: [
                { name: 'release', count: 1 },
                { name: 'security', count: 1 },
              ],
              decisions: one.decisions.map((vote) => ({ ...vote, legs: ['release', 'security'] })),
            }
          : one,
      ),
    }),
  },
  'nothing is approved after its deadline': {
    'a vote was cast after it': ({ requests }) => ({
      requests: requests.map((one) => (one.id === 'req_1' ? { ...one, expiresAt: began + 4_000 } : one)),
    }),
    'a click was sent after it and counts': ({ requests, clicks }) => ({
      requests: requests.map((one) => (one.id === 'req_1' ? { ...one, expiresAt: began + 7_000 } : one)),
      clicks: clicks.map((one) => ({ ...one, sentAt: began + 8_000 })),
    }),
  },
  'policy has the last word': {
    'what it denies was released': ({ promises }) => ({
      promises: promises.map((one) => (one.key === 'soak-3' ? { ...one, kind: 'denied' as const } : one)),
    }),
    'what it denies was once told as approved': ({ promises }) => ({
      promises: promises.map((one) =>
        one.key === 'soak-4' ? { ...one, heard: [heard({ id: 'req_4' })] } : one,
      ),
    }),
    'what it allows was denied': ({ promises }) => ({
      promises: promises.map((one) => (one.key === 'soak-4' ? { ...one, kind: 'allowed' as const } : one)),
    }),
    'what it asks people about is approved by nobody': ({ promises }) => ({
      promises: promises.map((one) => (one.key === 'soak-3' ? { ...one, kind: 'release' as const } : one)),
    }),
  },
  'every card that is known or was clicked says the truth': {
    'a settled one has buttons': ({ messages }) => ({
      messages: messages.map((one) =>
        one.ts === '1.1' ? { ...one, buttons: [{ action: 'deny', request: 'req_1', card: 'crd_1' }] } : one,
      ),
    }),
    'it says that people are still asked': ({ messages }) => ({
      messages: messages.map((one) => (one.ts === '1.1' ? { ...one, text: 'Approval needed: x' } : one)),
    }),
    'a lost posting that was clicked still has buttons': ({ messages, clicks }) => ({
      clicks: [...clicks, click({ request: 'req_2', ts: '1.7', delivery: 'slack:t2' })],
      messages: [
        ...messages,
        message({ ts: '1.7', buttons: [{ action: 'approve', request: 'req_2', card: 'crd_0' }] }),
      ],
    }),
  },
  'every pending request has a card with buttons in each conversation': {
    'none is on record': ({ cards }) => ({ cards: cards.slice(0, 1) }),
    'it was deleted': ({ messages }) => ({
      messages: messages.map((one) => (one.ts === '1.2' ? { ...one, deleted: true } : one)),
    }),
    'it cannot be answered': ({ messages }) => ({
      messages: messages.map((one) => ({ ...one, buttons: [] })),
    }),
    'the second conversation has none': ({ requests }) => ({
      requests: requests.map((one) => ({ ...one, conversations: ['C0DEPLOYS', 'C0DATA'] })),
    }),
  },
  'what needs nobody has no card': {
    'what policy allowed asks people': ({ cards }) => ({
      cards: [...cards, card({ id: 'crd_9', request: 'req_3', message: '1.9' })],
    }),
  },
  'a fast click is not refused': {
    'it is told to try again': ({ clicks }) => ({
      clicks: [
        ...clicks,
        click({
          ...{ delivery: 'slack:t2', fast: true },
          told: ['The record could not be written just now; nothing was changed. Try again.'],
        }),
      ],
    }),
  },
  'no job is stuck or dead': {
    'a dead worker holds it': () => ({ jobs: [job({ lockedBy: 'worker-1' })] }),
    'it has failed for good': () => ({ jobs: [job({ attempts: 25, error: 'no' })] }),
    'it has no key': () => ({ jobs: [job({ key: null })] }),
    'it is due and nobody does it': () => ({ jobs: [job({ due: true })] }),
  },
  'no job is left that nobody waits for': {
    'hundreds are': () => ({ jobs: Array.from({ length: 200 }, () => job()) }),
  },
  'nothing grows without bound': {
    'memory does': ({ samples }) => ({
      samples: samples.map((one, n) => ({ ...one, residentMb: 200 + n * 20 })),
    }),
    'handles do': ({ samples }) => ({ samples: samples.map((one, n) => ({ ...one, handles: 40 + n * 14 })) }),
    'connections do': ({ samples }) => ({
      samples: samples.map((one, n) => ({ ...one, connections: 30 + n * 4 })),
    }),
    'handles are left in the quiet after it': ({ samples, loadEnded }) => ({
      samples: [
        ...samples,
        ...[20, 22, 24, 26].map((s) => sample({ at: loadEnded + s * 1_000, handles: 150 })),
      ],
    }),
  },
  'no server ends by itself': {
    'one that was ready': () => ({
      servers: [life({ ended: { at: began, how: 'exit code 1', byUs: false } })],
    }),
    'one that met a fault of Slack at its start': () => ({
      servers: [life({ readyAt: null, ended: { at: began, how: 'exit code 1', byUs: false } })],
    }),
  },
  'no server logs a fault of its own': {
    'a call failed, even while the database is away': () => ({
      servers: [
        life({ said: [{ at: began + 21_000, level: 50, text: '{"level":50,"msg":"call failed"}' }] }),
      ],
    }),
    'a rejection that nobody caught': () => ({
      servers: [life({ said: [{ at: began, level: 0, text: 'UnhandledPromiseRejection' }] })],
    }),
    'an error when nothing was broken': () => ({
      servers: [
        life({ said: [{ at: began, level: 50, text: '{"level":50,"err":{"type":"TypeError"},"msg":"x"}' }] }),
      ],
    }),
  },
  'every answer is one that the docs promise': {
    '500': ({ promises }) => ({
      promises: [...promises, promise({ heard: [heard({ status: 500, id: null, code: 'internal' })] })],
    }),
    '503 without a time to come back': ({ promises }) => ({
      promises: [...promises, promise({ heard: [heard({ status: 503, id: null, code: 'busy' })] })],
    }),
    'another body is answered with the first one': ({ promises }) => ({
      promises: [...promises, promise({ heard: [heard({ call: 'mismatch', status: 200 })] })],
    }),
  },
  'no server is ready while it cannot write': {
    'it says so long into a read-only spell': ({ trouble, samples }) => ({
      trouble: [...trouble, { what: 'database', kind: 'read-only', from: began, to: began + 9_000 }],
      samples: [...samples, sample({ at: began + 8_000 })],
    }),
  },
  'the run tried what it is for': {
    'nobody clicked': () => ({ clicks: [] }),
    'nothing broke': () => ({ trouble: [] }),
    'people decided nothing': ({ entries }) => ({
      entries: entries.filter(({ type }) => type !== 'decision.made'),
    }),
  },
  'both replicas work at the end': {
    'one is not ready': ({ atTheEnd }) => ({
      atTheEnd: atTheEnd.map((one) => ({ ...one, ready: '503 not_ready' })),
    }),
    'one denies everything': ({ atTheEnd }) => ({
      atTheEnd: atTheEnd.map((one) => ({ ...one, asked: '201 denied' })),
    }),
  },
}

test('evidence in which nothing is wrong breaks no law', () => {
  expect(judge(calm()).filter(({ findings }) => findings.length > 0)).toEqual([])
})

test('for every law there is a violation that it has to find', () => {
  expect(Object.keys(violations).sort()).toEqual(Object.keys(laws).sort())
})

describe.each(Object.entries(violations))('%s', (law, cases) => {
  test.each(Object.entries(cases))('finds it when %s', (_, change) => {
    const evidence = calm()

    const findings = laws[law]?.({ ...evidence, ...change(evidence) })

    expect(findings?.length).toBeGreaterThan(0)
  })
})

/** What looks like a violation and is none. */
const innocent: Readonly<Record<string, Readonly<Record<string, Change>>>> = {
  'no server ends by itself': {
    'we ended it': () => ({ servers: [life({ ended: { at: began, how: 'SIGKILL', byUs: true } })] }),
    'its database was away when it started': () => ({
      servers: [
        life({
          ...{ startedAt: began + 21_000, readyAt: null },
          ended: { at: began + 24_000, how: 'exit code 1', byUs: false },
        }),
      ],
    }),
  },
  'no server logs a fault of its own': {
    'the database was away': () => ({
      servers: [
        life({ said: [{ at: began + 21_000, level: 50, text: '{"level":50,"err":{},"msg":"lost"}' }] }),
      ],
    }),
  },
  'no line of a thread twice': {
    'people are reminded again': ({ messages }) => ({
      messages: [
        ...messages,
        ...['1.4', '1.5'].map((ts) => message({ ts, thread: '1.1', text: 'Still needed: 1 of Security.' })),
      ],
    }),
  },
  'every card that is known or was clicked says the truth': {
    'one that was replaced says so': ({ messages, clicks }) => ({
      clicks: [...clicks, click({ ts: '1.7', delivery: 'slack:t2' })],
      messages: [
        ...messages,
        message({ ts: '1.7', text: 'This card was replaced by a newer one for the same request (req_1).' }),
      ],
    }),
  },
  'every answer is one that the docs promise': {
    'busy for a moment': ({ promises }) => ({
      promises: [
        ...promises,
        promise({ heard: [heard({ status: 503, id: null, code: 'busy', retryAfter: true })] }),
      ],
    }),
  },
  'nothing grows without bound': {
    'it is full from the beginning': ({ samples }) => ({
      samples: samples.map((one) => ({ ...one, residentMb: 600, handles: 190, connections: 60 })),
    }),
  },
}

describe.each(Object.entries(innocent))('%s', (law, cases) => {
  test.each(Object.entries(cases))('is not broken when %s', (_, change) => {
    const evidence = calm()

    expect(laws[law]?.({ ...evidence, ...change(evidence) })).toEqual([])
  })
})
