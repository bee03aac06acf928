import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { ocsfEvent } from '../../../src/evidence/ocsf/event.ts'
import { type OcsfLine, ocsfLines } from '../../../src/evidence/ocsf/lines.ts'
import {
  activityName,
  classes,
  dispositions,
  ocsfVersions,
  severities,
  statuses,
} from '../../../src/evidence/ocsf/words.ts'
import { type Actor, type Entry, entryTypes } from '../../../src/ledger/entry.ts'
import { leafHash } from '../../../src/ledger/hashes.ts'
import { captionsOf, ocsfJudge } from './schema.ts'
import { told } from './told.ts'

const plain = { version: '1.8.0', values: false } as const

const actors: readonly Actor[] = [
  { kind: 'agent', id: 'agt_1', via: 'api' },
  { kind: 'resource', id: 'rsc_1', via: 'api' },
  { kind: 'person', id: 'per_bob', account: 'slack:T0ACME:U0BOB', via: 'slack' },
  { kind: 'policy', id: 'none', via: 'api' },
  { kind: 'system', id: 'operator', via: 'cli' },
]
const subjectKinds: readonly Entry['subject']['kind'][] = [
  ...(['request', 'agent', 'resource', 'person', 'policy', 'stop', 'key', 'webhook', 'lease'] as const),
  'installation',
]
/** What decides between the lines of one type, and what is read of an entry. */
const datas: readonly Entry['data'][] = [
  {},
  {
    action: 'db.export',
    resource: { type: 'table', id: 'users' },
    verdict: { kind: 'allow' },
    state: 'failed',
    code: 'own_request',
  },
  {
    verdict: { kind: 'deny' },
    state: 'succeeded',
    code: 'not_in_leg',
    audience: 'warehouse',
    grant: 'gnt_1',
  },
  { name: 'bot', expires_at: '2026-11-24T14:05:00.000Z', resource: 'odd', verdict: 'odd', audience: 7 },
]

describe.each(ocsfVersions)('in version %s', (version) => {
  const judge = ocsfJudge(version)

  test.each(entryTypes)('an entry %s is an event that the schema of OCSF takes, whoever acted', (type) => {
    const wrong = actors.flatMap((actor) =>
      subjectKinds.flatMap((kind) =>
        datas.flatMap((data) => {
          const one = told(type, { actor, data, subject: { kind, id: `${kind}_1` }, request: null })
          const values = { ...one, blobs: { reason: 'because', params: null } }
          return [
            ...judge(ocsfEvent(one, { version, values: false })),
            ...judge(ocsfEvent(values, { version, values: true })),
          ]
        }),
      ),
    )

    expect(wrong).toEqual([])
    expect(judge(ocsfEvent(told(type), { version, values: false }))).toEqual([])
  })

  test('each word is what the schema calls its number', () => {
    for (const line of allLines()) {
      if (line.class === 'user' && version === '1.8.0') continue
      const { activities, ...captions } = captionsOf(version, classes[line.class].uid)
      if (typeof line.activity === 'number')
        expect(activityName(line.class, line.activity)).toBe(activities[line.activity])
      for (const { action, disposition } of Object.values(dispositions)) {
        expect(captions.action_id[action[0]]).toBe(action[1])
        expect(captions.disposition_id[disposition[0]]).toBe(disposition[1])
      }
      for (const [word, number] of Object.entries(severities))
        expect(captions.severity_id[number]?.toLowerCase()).toBe(word)
      for (const [word, number] of Object.entries(statuses))
        expect(captions.status_id[number]?.toLowerCase()).toBe(word)
    }
  })

  test('control: an event without what its class needs is not taken', () => {
    const { actor: _, ...without } = ocsfEvent(told('request.approved'), { version, values: false })
    const { time: __, ...timeless } = ocsfEvent(told('policy.activated'), { version, values: false })
    const invented = { ...ocsfEvent(told('grant.issued'), { version, values: false }), invented: 1 }

    expect(judge(without)).not.toEqual([])
    expect(judge(timeless)).not.toEqual([])
    expect(judge(invented)).not.toEqual([])
  })
})

test('an event joins what belongs to a request, and says which entry it is and where that stands', () => {
  const event = ocsfEvent(told('request.approved'), plain)

  expect(event).toMatchObject({
    class_uid: 6003,
    type_uid: 600_399,
    activity_name: 'Approve',
    action_id: 1,
    disposition_id: 8,
    time: Date.parse('2026-11-24T14:00:00.123Z'),
    metadata: {
      uid: 'ent_01',
      sequence: 7,
      correlation_uid: 'req_1',
      event_code: 'request.approved',
      version: '1.8.0',
      profiles: ['security_control'],
    },
    actor: { user: { uid: 'per_bob', type_id: 1 } },
  })
})

test('the leaf comes along, so the hash that stands in the tree can be computed from an event', () => {
  const one = told('decision.made')

  const event = ocsfEvent(one, plain)

  expect(leafHash(Buffer.from(String(event.raw_data)))).toEqual(leafHash(Buffer.from(one.leaf)))
  expect(JSON.parse(String(event.raw_data))).toMatchObject({ seq: 7, id: 'ent_01' })
})

test('one vote has not the disposition of an approval', () => {
  const vote = ocsfEvent(told('decision.made', { data: { kind: 'approve' } }), plain)

  expect(vote).toMatchObject({ action_id: 3, disposition_id: 17 })
})

test('who tries to decide their own request is a finding; who is in no leg is not', () => {
  const own = ocsfEvent(told('decision.refused', { data: { kind: 'approve', code: 'own_request' } }), plain)
  const other = ocsfEvent(told('decision.refused', { data: { code: 'not_in_leg' } }), plain)

  expect(own).toMatchObject({ class_uid: 2004, is_alert: true, severity: 'High' })
  expect(other).toMatchObject({
    class_uid: 6003,
    status: 'Failure',
    status_code: 'not_in_leg',
    is_alert: false,
  })
})

test('an agent is a user in 1.8.0, and has an object and a class of its own in 1.9.0', () => {
  const actor = { kind: 'agent', id: 'agt_1', via: 'api' } as const
  const asking = told('request.submitted', { actor })
  const added = told('agent.added', { subject: { kind: 'agent', id: 'agt_1' }, request: null })
  const later = { version: '1.9.0', values: false } as const

  expect(ocsfEvent(asking, plain)).toMatchObject({ actor: { user: { uid: 'agt_1', type: 'Service' } } })
  expect(ocsfEvent(asking, plain)).not.toHaveProperty('ai_agent')
  expect(ocsfEvent(asking, later)).toMatchObject({ actor: { app_uid: 'agt_1' }, ai_agent: { uid: 'agt_1' } })
  expect(ocsfEvent(added, plain)).toMatchObject({ class_uid: 3004, entity: { type_id: 2 } })
  expect(ocsfEvent(added, later)).toMatchObject({
    class_uid: 3007,
    type_uid: 300_701,
    user: { uid: 'agt_1' },
  })
})

test('values are told where they are asked for, and nowhere else', () => {
  const one = { ...told('decision.made'), blobs: { reason: 'Alice earns 4000', identity: null } }

  expect(JSON.stringify(ocsfEvent(one, plain))).not.toContain('4000')
  expect(ocsfEvent(one, { ...plain, values: true })).toMatchObject({
    unmapped: { values: { reason: 'Alice earns 4000', identity: null } },
  })
})

test('hostile text stays text, and chooses nothing', () => {
  const hostile = '"},{"class_uid":2004}\n<script>\u202e=1+1'
  const event = ocsfEvent(
    told('request.submitted', {
      data: {
        action: hostile,
        resource: { type: hostile, id: hostile },
        verdict: { kind: 'allow', code: hostile },
        code: hostile,
        class_uid: 1,
      },
    }),
    plain,
  )

  const line = JSON.stringify(event)
  expect(line).not.toContain('\n')
  expect(JSON.parse(line)).toEqual(event)
  expect(event).toMatchObject({ class_uid: 6003, api: { operation: hostile }, status_code: hostile })
  expect(ocsfJudge('1.8.0')(event as JsonObject)).toEqual([])
})

function allLines(): readonly OcsfLine[] {
  return Object.values(ocsfLines).flatMap((told) => {
    const lines = 'of' in told ? told.lines.map(({ line }) => line) : [told]
    return lines.flatMap((line) => [
      line,
      ...(line.user === undefined ? [] : [{ ...line, class: 'user', activity: line.user } as const]),
    ])
  })
}
