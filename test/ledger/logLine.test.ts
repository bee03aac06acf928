import { expect, test } from 'vitest'
import { type Entry, entryTypes } from '../../src/ledger/entry.ts'
import { logLineOf } from '../../src/ledger/logLine.ts'

const entry = (type: Entry['type'], more: Partial<Entry> = {}): Entry => ({
  v: 1,
  id: 'ent_1',
  ts: '2026-11-24T14:00:00.000Z',
  type,
  ws: 'wsp_1',
  actor: { kind: 'person', id: 'per_bob', account: 'slack:T0ACME:U0BOB', via: 'slack' },
  subject: { kind: 'request', id: 'req_1' },
  request: 'req_1',
  action_digest: null,
  policy: null,
  data: {},
  blobs: [],
  ...more,
})

test('each kind of entry has a message of its own, a sentence without values', () => {
  const messages = entryTypes.map((type) => logLineOf(entry(type), null).message)

  expect(new Set(messages).size).toBe(entryTypes.length)
  for (const message of messages) expect(message).toMatch(/^[a-z][a-z -]+[a-z]$/)
})

test.each(entryTypes)(
  '%s says who, through what and about what, and nothing that it was not told to say',
  (type) => {
    const data = {
      secret: 'hunter2',
      resource: { id: 'hunter2' },
      params: 'hunter2',
      detail: 'hunter2',
      note: 'hunter2',
    }

    const { facts } = logLineOf(entry(type, { data }), 'pending')

    expect(facts).toEqual({
      entry: type,
      requestId: 'req_1',
      person: 'per_bob',
      account: 'slack:T0ACME:U0BOB',
      via: 'slack',
      state: 'pending',
    })
  },
)

test('what is about no request names its subject beside the one who did it', () => {
  const linked = entry('person.linked', {
    subject: { kind: 'person', id: 'per_lee' },
    request: null,
    data: { from: 'per_x', to: 'per_lee' },
  })

  expect(logLineOf(linked, null).facts).toMatchObject({
    subject: 'per_lee',
    person: 'per_bob',
    from: 'per_x',
  })
})

test('a name that a prototype has is no fact', () => {
  const { facts } = logLineOf(entry('request.submitted', { data: { verdict: 'constructor' } }), null)

  expect(facts.verdict).toBeUndefined()
})
