import type { Changes } from './changes.ts'
import { began, click, heard, life, message, promise, sample } from './made.ts'

/** What looks like a violation and is none. */
export const innocent: Changes = {
  'every entry is sealed in time': {
    'the database was away': ({ samples }) => ({
      samples: [...samples, sample({ at: began + 23_000, unsealedSeconds: 30 })],
    }),
  },
  'no server ends by itself': {
    'we ended it': () => ({ servers: [life({ ended: { at: began, how: 'SIGKILL', byUs: true } })] }),
    'its database went away while it started': () => ({
      servers: [
        life({
          ...{ startedAt: began + 12_000, readyAt: null },
          ended: { at: began + 21_000, how: 'exit code 1', byUs: false },
        }),
      ],
    }),
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
  'every card that is known or was clicked tells the truth': {
    'a copy was clicked while the database could not be asked': ({ messages, clicks }) => ({
      clicks: [
        ...clicks,
        click({ ts: '1.7', delivery: 'slack:t2', told: ['Our database cannot take this just now, so …'] }),
        click({ ts: '1.7', delivery: 'slack:t3', acked: 'status 503' }),
      ],
      messages: [
        ...messages,
        message({ ts: '1.7', buttons: [{ action: 'approve', request: 'req_1', card: 'crd_0' }] }),
      ],
    }),
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
