import { describe, expect, test } from 'vitest'
import { asks, figuresOf, type Line, madeRecord, person } from './madeRecord.ts'
import { november } from './seededMonth.ts'

const at = (day: number, time = '12:00:00') => `2026-11-${String(day).padStart(2, '0')}T${time}.000Z`

const decides = (request: string, when: string, who = 'per_grace'): readonly Line[] => [
  { type: 'decision.made', at: when, request, actor: person(who), data: { kind: 'approve' } },
  { type: 'request.approved', at: when, request, actor: person(who), data: { outcome: 'approved' } },
]

describe('a period', () => {
  test('counts what is in it, and knows of what was asked before', () => {
    const record = madeRecord([
      asks('req_1', '2026-10-31T23:59:00.000Z', { action: 'db.drop' }),
      asks('req_2', at(1)),
      ...decides('req_1', at(1, '00:01:00')),
    ])

    const { requests } = figuresOf(record, { ...november, from: 1 })

    expect(requests).toMatchObject({
      asked: { count: 1 },
      ended: { approved: { count: 1 } },
      waiting: { count: 1, first: [{ request: 'req_2' }] },
      times: { measured: 1, median: 120 },
      actions: [
        { name: 'db.drop', asked: { count: 0 }, ended: { approved: { count: 1 } } },
        { name: 'db.export', asked: { count: 1 } },
      ],
    })
  })

  test.each([
    ['hour', { since: at(3, '00:00:00'), until: at(4, '00:00:00') }, 24],
    ['day', november, 30],
    ['week', { since: '2026-06-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' }, 27],
    ['month', { since: '2020-12-01T00:00:00.000Z', until: '2026-12-01T00:00:00.000Z' }, 72],
  ] as const)('of that length is drawn by the %s, without a gap', (unit, period, bars) => {
    const record = madeRecord([asks('req_1', period.since), ...decides('req_1', at(3, '10:30:00'))])

    const { overTime } = figuresOf(record, period).requests

    expect(overTime.unit).toBe(unit)
    expect(overTime.bars).toHaveLength(bars)
    expect(overTime.bars.filter(({ entries }) => entries.count > 0)).toMatchObject([
      { ended: { approved: 1 }, entries: { count: 1 } },
    ])
  })

  test('that begins long before the record is drawn from where the record begins', () => {
    const record = madeRecord([asks('req_1', at(3)), ...decides('req_1', at(5))])

    const { overTime } = figuresOf(record, {
      since: '1970-01-01T00:00:00.000Z',
      until: november.until,
    }).requests

    expect(overTime.bars.map(({ begins }) => begins.slice(0, 10))).toEqual(
      Array.from({ length: 28 }, (_, nth) => at(nth + 3).slice(0, 10)),
    )
  })

  test('that an entry is missing from is not counted at all', () => {
    const record = madeRecord([asks('req_1', at(1)), asks('req_2', at(2)), asks('req_3', at(3))])

    expect(() =>
      figuresOf(
        record.filter(({ index }) => index !== 1),
        november,
      ),
    ).toThrow(RangeError)
    expect(() => figuresOf(record, november)).not.toThrow()
  })
})

test('a self-approval is one when it would let something through: a denial by somebody behind it is none', () => {
  const refused = (kind: string, code: string): Line => ({
    ...{ type: 'decision.refused', at: at(2), request: 'req_1', actor: person('per_lee') },
    data: { kind, code },
  })
  const record = madeRecord([
    asks('req_1', at(1)),
    ...[refused('approve', 'own_request'), refused('break_glass', 'own_request')],
    ...[refused('deny', 'own_request'), refused('approve', 'not_in_leg')],
  ])

  const { own, kinds } = figuresOf(record, november).attempts

  expect(own.count).toBe(2)
  expect(kinds.map(({ code, entries }) => [code, entries.count])).toEqual([
    ['own_request', 3],
    ['not_in_leg', 1],
  ])
})

describe('a broken glass', () => {
  const broken = (request: string, when: string, reviewBy: string): readonly Line[] => [
    asks(request, when),
    {
      ...{ type: 'glass.broken', at: when, request, actor: person('per_grace') },
      data: { verdict: 'require_approval', review_by: reviewBy },
    },
  ]
  const closed = (request: string, when: string, late: boolean): Line => ({
    ...{ type: 'review.closed', at: when, request, actor: person('per_omar') },
    data: { late },
  })

  test('is on time, late, overdue or open, as of the end of the period', () => {
    const record = madeRecord([
      ...[...broken('req_1', at(1), at(2)), closed('req_1', at(1, '20:00:00'), false)],
      ...[...broken('req_2', at(1), at(2)), closed('req_2', at(3), true)],
      ...broken('req_3', at(1), at(2)),
      ...broken('req_4', at(30), '2026-12-02T12:00:00.000Z'),
    ])

    const { glasses } = figuresOf(record, november).emergencies

    expect(glasses.map(({ state }) => state)).toEqual(['on time', 'late', 'overdue', 'open'])
  })

  test('from before the period is shown while its review was open when it began', () => {
    const before = '2026-10-01T12:00:00.000Z'
    const record = madeRecord([
      ...[...broken('req_1', before, before), closed('req_1', before, false)],
      ...broken('req_2', before, before),
      closed('req_2', at(3), true),
    ])

    const { glasses, broken: count } = figuresOf(record, { ...november, from: 5 }).emergencies

    expect(glasses).toMatchObject([{ ref: { request: 'req_2' }, state: 'late' }])
    expect(count.count).toBe(0)
  })
})

test('an agent is unused after thirty days, and one whose owner left comes first', () => {
  const added = (id: string, when: string): Line => ({
    ...{ type: 'agent.added', at: when, actor: person('per_lee'), subject: { kind: 'agent', id } },
    data: { name: `name of ${id}`, owner: 'per_lee' },
  })
  const by = (id: string, line: Line): Line => ({ ...line, actor: { kind: 'agent', id, via: 'api' } })
  const record = madeRecord([
    ...['agt_busy', 'agt_left', 'agt_never', 'agt_once'].map((id) => added(id, '2026-09-01T12:00:00.000Z')),
    by('agt_once', asks('req_0', '2026-10-01T12:00:00.000Z')),
    by('agt_busy', asks('req_1', at(20))),
    by('agt_busy', asks('req_2', at(21))),
    by('agt_left', asks('req_3', at(22), { owner_left: true })),
    { type: 'agent.added', at: at(23), subject: { kind: 'agent', id: 'agt_gone' }, data: { name: 'gone' } },
    { type: 'agent.revoked', at: at(24), subject: { kind: 'agent', id: 'agt_gone' }, data: { name: 'gone' } },
  ])

  const { agents } = figuresOf(record, { ...november, from: 5 }).agents

  expect(agents.map(({ id, unused, asked }) => [id, unused, asked.count])).toEqual([
    ['agt_left', false, 1],
    ['agt_never', true, 0],
    ['agt_once', true, 0],
    ['agt_busy', false, 2],
    ['agt_gone', false, 0],
  ])
})

describe('what others can make many of is bounded', () => {
  test('names of actions: the first 300 are told apart, the rest is counted', () => {
    const record = madeRecord(
      Array.from({ length: 1_000 }, (_, nth) => asks(`req_${nth}`, at(1), { action: `made.up.${nth}` })),
    )

    const { actions, otherActions, asked } = figuresOf(record, november).requests

    expect(actions).toHaveLength(300)
    expect(otherActions.count).toBe(700)
    expect(asked).toMatchObject({ count: 1_000, first: { length: 20 } })
  })
})

test('policies: who, by whom, from which to which, and what differs', () => {
  const activated = (digest: string, when: string, data = {}): Line => ({
    ...{ type: 'policy.activated', at: when, actor: person('per_sam') },
    subject: { kind: 'policy', id: digest },
    data: { name: 'acme', before: null, by: 'per_alice', approved_by: ['per_sam'], ...data },
  })
  const record = madeRecord([
    activated('sha256:aa', '2026-10-01T12:00:00.000Z'),
    activated('sha256:bb', at(4), { before: 'sha256:aa', rules_changed: { count: 1, names: ['export'] } }),
  ])

  const { before, activations } = figuresOf(record, { ...november, from: 1 }).changes

  expect(before).toBe('sha256:aa')
  expect(activations).toMatchObject([
    {
      ...{ digest: 'sha256:bb', before: 'sha256:aa', by: 'per_alice', approvedBy: ['per_sam'] },
      parts: [{ what: 'rules changed', count: 1, names: ['export'] }],
    },
  ])
})

test('what was erased and who read the record are counted, one by one', () => {
  const word = {
    actor: { kind: 'system', id: 'operator', via: 'cli' },
    subject: { kind: 'person', id: 'per_lee' },
  } as const
  const record = madeRecord([
    { type: 'auditor.granted', at: '2026-10-30T12:00:00.000Z', ...word, data: { key: 'aky_0' } },
    { type: 'auditor.granted', at: at(1), ...word, data: { key: 'aky_1' } },
    { type: 'auditor.read', at: at(2), ...word, actor: person('per_lee'), data: { key: 'aky_1' } },
    { type: 'auditor.read', at: at(3), ...word, actor: person('per_lee'), data: { key: 'aky_1' } },
    {
      ...{ type: 'record.erased', at: at(4), request: 'req_1', actor: person('per_grace') },
      subject: { kind: 'person', id: 'per_ann' },
      data: { what: 'person', requests: 2, values: 7, accounts: 1, left_open: 1, asked_by: 'per_omar' },
    },
    { type: 'erasure.refused', at: at(5), request: 'req_2', data: { erases: 'req_9', why: 'not_over' } },
  ])

  const { record: found, attempts } = figuresOf(record, { ...november, from: 1 })

  expect(found).toMatchObject({
    erased: { count: 1 },
    notErased: { count: 1 },
    erasures: [
      {
        what: 'person',
        id: 'per_ann',
        values: 7,
        requests: 2,
        leftOpen: 1,
        askedBy: 'per_omar',
        approvedBy: 'per_grace',
      },
    ],
    auditors: [{ name: 'per_lee', granted: { count: 1 }, read: { count: 2 }, revoked: { count: 0 } }],
  })
  expect(attempts.kinds).toMatchObject([{ type: 'erasure.refused', code: 'not_over' }])
})
