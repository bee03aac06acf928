import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Leg } from '../../src/core/request.ts'
import type { Ask } from '../../src/policy/ask.ts'
import type { Bundle } from '../../src/policy/bundle.ts'
import { differenceOf } from '../../src/policy/difference.ts'
import { readRecorded, recordedOf, writeRecorded } from '../../src/policy/recorded.ts'
import { simulate } from '../../src/policy/simulate.ts'
import { simulationSummary, simulationText } from '../../src/policy/simulateText.ts'
import { atLeastAsStrict } from '../../src/policy/strictLegs.ts'
import { steady } from '../cli/bundles.ts'
import { madeRequest } from '../store/made.ts'
import { bundleFiles, filesIn, loaded } from './files.ts'

const exampleFiles = filesIn('test/policy/example')
const example = loaded(exampleFiles)
const rules = exampleFiles.get('rules/all.yaml') ?? ''

function changed(from: string, to: string): Bundle {
  if (!rules.includes(from)) throw new Error(`the example does not say: ${from}`)
  return loaded(new Map([...exampleFiles, ['rules/all.yaml', rules.replace(from, to)]]))
}

function exportOf(rows: number, columns: readonly string[], at = '2026-11-24T13:00:00Z'): Ask {
  const params = { table: 't7', rows, columns, destination: 'sftp://partner/x' }
  const resource = { type: 'table', id: 'warehouse.t7' }
  return {
    action: { action: 'db.export', resource, params, environment: 'prod' },
    agent: { id: 'agt_1', name: 'bot' },
    at,
  }
}

const recorded = [
  exportOf(2_980, ['ts', 'iban']),
  exportOf(3_000, ['ts', 'iban']),
  exportOf(2_980, ['id', 'ts']),
  exportOf(200_000, ['id']),
  exportOf(200_000, ['email']),
  exportOf(10, ['id']),
].map((ask, index) => ({ id: `req_${index + 1}`, ask }))

describe('the replay', () => {
  const head = changed('when: params.rows > 1000', 'when: params.rows > 5000')

  test('shows what the decisions alone would hide', async () => {
    const simulation = simulate(example, head, recorded)

    expect(simulation.matrix).toEqual([{ from: 'require_approval', to: 'require_approval', count: 6 }])
    expect(simulation).toMatchObject({ loosened: 3, tightened: 0, unchanged: 3 })
    await expect(steady(simulationText(simulation, 12))).toMatchFileSnapshot(
      '../golden/simulate-loosened.txt',
    )
  })

  test('on the way back more people are asked; where they are others than before, it counts as loosened', () => {
    expect(simulate(head, example, recorded)).toMatchObject({ loosened: 1, tightened: 2, unchanged: 3 })
  })

  test('a bundle against itself changes nothing', () => {
    expect(simulate(example, example, recorded)).toMatchObject({ loosened: 0, tightened: 0, unchanged: 6 })
  })

  test('a request made at night stays a night request', () => {
    const night = changed('- id: deploy.freeze', nightRule)
    const asks = [exportOf(10, ['id'], '2026-11-24T23:30:00+01:00'), exportOf(10, ['id'])]

    const { tightened } = simulate(
      example,
      night,
      asks.map((ask, index) => ({ id: `req_${index}`, ask })),
    )

    expect(tightened).toBe(1)
  })

  test('without a base everything was denied, so every other verdict is looser', () => {
    expect(simulate(null, example, recorded)).toMatchObject({ loosened: 6 })
  })

  test('the summary says the counts and what the largest groups lose, and stays short', () => {
    const summary = simulationSummary(simulate(example, head, recorded))

    expect(summary).toContain('Of the last 6 requests, 3 would be judged more loosely')
    expect(summary).toContain('2 × db.export: approvals')
    expect(summary.length).toBeLessThanOrEqual(1_000)
  })
})

const nightRule = `- id: export.night
  description: Not at night.
  match: {actions: [db.export]}
  when: |
    "night" in time.windows
  verdict: deny

- id: deploy.freeze`

describe('which way a field goes', () => {
  const base = `- id: r
  description: A rule.
  match: {actions: [db.export]}
  verdict: require_approval
  require:
    approvals: [{name: security, from: [group:security], count: 1}]
    deny_count: 2
    reason: {min_length: 20, pattern: CHG}
    confirm: {type: typed, value: resource.id}
    expires_in: 45m
    grant: {ttl: 10m}
  notify: {channel: channel:approvals, remind: [10m], escalate: [{after: 20m, to: group:platform}]}
  break_glass: {who: [group:platform], reason: {min_length: 30}, grant: {ttl: 10m}, notify: [channel:security], review_within: 24h}
`
  const bundle = (text: string) => loaded(bundleFiles({ 'rules/a.yaml': text }))
  const ask = { ...exportOf(5, []), action: { ...exportOf(5, []).action, params: { table: 't', rows: 5 } } }
  const outcome = (from: string, to: string) => {
    if (!base.includes(from)) throw new Error(`the rule does not say: ${from}`)
    const simulation = simulate(bundle(base), bundle(base.replace(from, to)), [{ id: 'req_1', ask }])
    const { loosened, tightened, moved } = simulation
    return loosened > 0 ? 'loosened' : tightened > 0 ? 'tightened' : moved > 0 ? 'moved' : 'unchanged'
  }

  test.each([
    ['one more person', 'group:security], count: 1', 'group:security], count: 2', 'tightened'],
    ['somebody else instead', 'from: [group:security]', 'from: [group:data]', 'loosened'],
    [
      'one more set of the same leg',
      'from: [group:security]',
      'from: [group:security, group:data]',
      'loosened',
    ],
    ['one more leg', 'count: 1}]', 'count: 1}, {name: data, from: [group:data], count: 1}]', 'tightened'],
    ['another name for the leg', 'name: security', 'name: safety', 'unchanged'],
    ['one denial ends it', 'deny_count: 2', 'deny_count: 1', 'tightened'],
    ['a shorter reason', 'min_length: 20', 'min_length: 10', 'loosened'],
    ['another pattern', 'pattern: CHG', 'pattern: INC', 'loosened'],
    ['no confirmation', '    confirm: {type: typed, value: resource.id}\n', '', 'loosened'],
    ['more time to answer', 'expires_in: 45m', 'expires_in: 50m', 'loosened'],
    ['a shorter grant', 'grant: {ttl: 10m}', 'grant: {ttl: 5m}', 'tightened'],
    ['escalated sooner', 'after: 20m', 'after: 15m', 'loosened'],
    ['escalated to others', 'to: group:platform', 'to: group:data', 'loosened'],
    ['no escalation', ', escalate: [{after: 20m, to: group:platform}]', '', 'tightened'],
    [
      'more people may break the glass',
      'who: [group:platform]',
      'who: [group:platform, group:data]',
      'loosened',
    ],
    ['a shorter time for the review', 'review_within: 24h', 'review_within: 12h', 'tightened'],
    [
      'nobody told of a broken glass',
      'notify: [channel:security]',
      'notify: [channel:approvals]',
      'loosened',
    ],
    [
      'no emergency path',
      /** The line as it stands. */ base.slice(base.indexOf('  break_glass')),
      '',
      'tightened',
    ],
    ['another channel', 'channel: channel:approvals', 'channel: channel:security', 'moved'],
    ['another reminder', 'remind: [10m]', 'remind: [5m]', 'moved'],
    [
      'one field tightened, another loosened',
      'expires_in: 45m\n    grant: {ttl: 10m}',
      'expires_in: 30m\n    grant: {ttl: 11m}',
      'loosened',
    ],
  ])('%s', (_, from, to, expected) => {
    expect(outcome(from, to)).toBe(expected)
  })

  test('a group that points elsewhere under the same name is a change of people', () => {
    const moved = loaded(
      bundleFiles({
        'rules/a.yaml': base,
        'bundle.yaml': (bundleFiles().get('bundle.yaml') ?? '').replace('S0SEC}', 'S0EVIL}'),
      }),
    )

    expect(simulate(bundle(base), moved, [{ id: 'req_1', ask }])).toMatchObject({ loosened: 1 })
    expect(differenceOf(bundle(base), moved).otherChanges).toContain('directory group:security changed')
  })
})

describe('legs', () => {
  const leg = fc
    .record({
      from: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
      count: fc.integer({ min: 1, max: 2 }),
    })
    .map(
      ({ from, count }): Leg => ({
        name: from.join(),
        count,
        from: from.map((ref) => ({ ref, kind: 'group', address: ref })),
      }),
    )
  const legs = fc.array(leg, { maxLength: 3 })

  test('are as strict as themselves, and stricter with one more', () => {
    fc.assert(
      fc.property(legs, leg, (some, more) => {
        expect(atLeastAsStrict(some, some)).toBe(true)
        expect(atLeastAsStrict([...some, more], some)).toBe(true)
      }),
    )
  })

  test('that are as strict as others cannot be filled without filling those', () => {
    const groups = { a: [1, 2, 3], b: [3, 4, 5], c: [5, 6, 1] }
    const isFilled = (all: readonly Leg[], people: readonly number[]): boolean => {
      const seats = all.flatMap(({ from, count }) =>
        Array.from({ length: count }, () => from.map(({ ref }) => ref)),
      )
      const place = (left: readonly number[], [seat, ...rest]: readonly string[][]): boolean =>
        seat === undefined ||
        left.some(
          (person) =>
            seat.some((ref) => groups[ref as keyof typeof groups].includes(person)) &&
            place(
              left.filter((other) => other !== person),
              rest,
            ),
        )
      return place(people, seats)
    }
    fc.assert(
      fc.property(legs, legs, fc.subarray([1, 2, 3, 4, 5, 6]), (strict, other, people) => {
        fc.pre(atLeastAsStrict(strict, other) && isFilled(strict, people))
        expect(isFilled(other, people)).toBe(true)
      }),
    )
  })
})

describe('requests to replay', () => {
  const otherwise = { id: 'line 1', at: '2026-11-24T13:00:00Z' }

  test('what an agent sends can be read as it is', () => {
    const read = readRecorded(
      {
        action: 'db.export',
        resource: { type: 'table', id: 'x' },
        params: { rows: 1 },
        environment: 'prod',
        reason: 'because',
        initiator: { email: 'alice@acme.test' },
        run: { model: 'm-large', session: 's' },
        expires_in: '30m',
      },
      otherwise,
    )

    expect(read).toMatchObject({
      ok: true,
      recorded: {
        id: 'line 1',
        ask: { at: otherwise.at, agent: { model: 'm-large' }, request: { reason: 'because', source: 'api' } },
      },
    })
  })

  test('a wrong one is refused with its place', () => {
    const read = readRecorded(
      { action: 'db.export', resource: { type: 'table' }, environment: 'prod' },
      otherwise,
    )

    expect(read).toMatchObject({ ok: false, wrong: expect.stringMatching(/^resource\.id: /) })
  })

  test('a property that is not one is refused, not ignored', () => {
    const line = { action: 'a', resource: { type: 't', id: 'i' }, environment: 'prod', evironment: 'dev' }

    expect(readRecorded(line, otherwise)).toMatchObject({ ok: false })
  })

  test('what is written out reads back to the same ask', () => {
    const full: Ask = {
      ...exportOf(5, ['a']),
      agent: { id: 'agt_1', name: 'bot', model: 'm', owner: { id: 'per_1', email: 'a@b.c' } },
      initiator: { id: 'per_2', groups: ['g'], kind: 'schedule' },
      request: { reason: 'why', source: 'webhook' },
    }
    const written: unknown = JSON.parse(JSON.stringify(writeRecorded({ id: 'req_9', ask: full })))

    expect(readRecorded(written, otherwise)).toEqual({ ok: true, recorded: { id: 'req_9', ask: full } })
  })

  test('a stored verdict whose facts are of another form is left out rather than guessed', () => {
    expect(recordedOf(madeRequest())).toBeNull()
  })
})

describe('what differs between two bundles', () => {
  test('rules by id, and everything else by name', () => {
    const head = loaded(
      new Map([
        ...exampleFiles,
        [
          'rules/all.yaml',
          rules
            .replace('params.rows > 1000', 'params.rows > 5000')
            .replace('- id: deploy.freeze', '- id: deploy.stop'),
        ],
        ['actions.yaml', `${exampleFiles.get('actions.yaml')}\n  new.thing: {effect: read, params: {}}\n`],
      ]),
    )

    expect(differenceOf(example, head)).toEqual({
      rulesAdded: ['deploy.stop'],
      rulesRemoved: ['deploy.freeze'],
      rulesChanged: ['data.export.bulk'],
      otherChanges: ['action new.thing added'],
    })
  })

  test('where rules stand and what is beside them makes no difference', () => {
    const moved = new Map(exampleFiles)
    moved.delete('rules/all.yaml')
    const head = loaded(new Map([...moved, ['rules/other.yaml', `# a comment\n${rules}`]]))

    expect(differenceOf(example, head)).toEqual({
      rulesAdded: [],
      rulesRemoved: [],
      rulesChanged: [],
      otherChanges: [],
    })
  })
})
