import type { Changes } from './changes.ts'
import { began, card, click, entry, heard, message, promise, request } from './made.ts'

/** What breaks the laws about what was promised, recorded and decided. */
export const brokenPromises: Changes = {
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
  'a revision ends what it revises': {
    'both are alive': ({ requests }) => ({
      requests: [...requests, request({ id: 'req_5', key: 'soak-1-revised', revises: 'req_1' })],
    }),
    'it revises what is not there': ({ requests }) => ({
      requests: [...requests, request({ id: 'req_5', key: 'soak-1-revised', revises: 'req_9' })],
    }),
    'there are two of one request': ({ requests }) => ({
      requests: [
        ...requests.map((one) => ({ ...one, state: 'cancelled' })),
        ...['req_5', 'req_6'].map((id) => request({ id, key: id, revises: 'req_1' })),
      ],
    }),
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
}
