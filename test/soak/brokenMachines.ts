import type { Changes } from './changes.ts'
import { began, card, click, heard, job, life, message, promise, sample } from './made.ts'

/** What breaks the laws about what people see and how the machines are. */
export const brokenMachines: Changes = {
  'every entry is sealed in time': {
    'one waited for a minute': ({ samples }) => ({
      samples: samples.map((one, n) => (n === 1 ? { ...one, unsealedSeconds: 60 } : one)),
    }),
    'one is left over': ({ ledger }) => ({ ledger: { ...ledger, waiting: 1 } }),
  },
  'the ledger verifies against what left the house': {
    'something is wrong': ({ ledger }) => ({ ledger: { ...ledger, wrong: 'An entry is gone.' } }),
    'nothing left the house': ({ ledger }) => ({ ledger: { ...ledger, anchored: 0 } }),
    'an entry is not in the tree': ({ ledger }) => ({ ledger: { ...ledger, size: 9 } }),
  },
  'every card that is known or was clicked tells the truth': {
    'a settled one has buttons': ({ messages }) => ({
      messages: messages.map((one) =>
        one.ts === '1.1' ? { ...one, buttons: [{ action: 'deny', request: 'req_1', card: 'crd_1' }] } : one,
      ),
    }),
    'it says that people are still asked': ({ messages }) => ({
      messages: messages.map((one) => (one.ts === '1.1' ? { ...one, text: 'Approval needed: x' } : one)),
    }),
    'an old copy says that it is still waiting': ({ messages, clicks }) => ({
      clicks: [
        ...clicks,
        click({ ts: '1.7', delivery: 'slack:t2', told: ['This copy of the card is out of date, so …'] }),
      ],
      messages: [
        ...messages,
        message({ ts: '1.7', text: 'This copy of the card is out of date (req_1). It is still waiting.' }),
      ],
    }),
    'a lost posting that was clicked still has buttons': ({ messages, clicks }) => ({
      clicks: [
        ...clicks,
        click({
          request: 'req_2',
          ts: '1.7',
          delivery: 'slack:t2',
          told: ['This copy of the card is out of date, so …'],
        }),
      ],
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
    'it is tried again and again, and fails': () => ({ jobs: [job({ attempts: 4, error: 'no' })] }),
    'a card was never told the news': () => ({ jobs: [job({ key: 'refresh:req_1', task: 'refresh' })] }),
    'it is due and nobody does it': () => ({ jobs: [job({ due: true })] }),
  },
  'no job is left that nobody waits for': {
    'a reminder of what is settled is': () => ({
      jobs: [job({ key: 'remind:req_1:0:again', task: 'remind', settled: true })],
    }),
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
      samples: [...samples, ...[2_000, 4_000, 6_000].map((after) => sample({ at: began + after }))],
    }),
  },
  'the run tried what it is for': {
    'nobody clicked': () => ({ clicks: [] }),
    'nothing broke': () => ({ trouble: [] }),
    'people decided nothing': ({ entries }) => ({
      entries: entries.filter(({ type }) => type !== 'decision.made'),
    }),
  },
  'the soak itself did not fail': {
    'an agent of its own did': () => ({ ownFaults: ['TypeError: x'] }),
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
