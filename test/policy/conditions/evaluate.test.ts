import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../src/core/json.ts'
import { factsOf } from '../../../src/policy/ask.ts'
import { bind } from '../../../src/policy/conditions/bind.ts'
import type { Outcome } from '../../../src/policy/conditions/engine.ts'
import { bundleFiles, loaded } from '../files.ts'
import { accepted, catalogue } from './compile.ts'

const bundle = loaded(bundleFiles())
const given = {
  to: 'alice@acme.test',
  cents: 5_000,
  rate: 1.5,
  urgent: true,
  tags: ['a', 'b'],
  amounts: [1, 2, 3],
  blob: { any: 'thing' },
}

function run(source: string, params: JsonObject = {}, action = 'pay'): Outcome {
  const declared = catalogue.get(action)?.params ?? 'open'
  const asked = {
    action,
    resource: { type: 'table', id: 't' },
    params: { ...given, ...params },
    environment: 'prod',
  }
  const facts = factsOf(bundle, {
    action: asked,
    agent: {
      id: 'agt_1',
      name: 'bot',
      owner: { id: 'per_lee', email: 'lee@acme.test', groups: ['group:data'] },
    },
    initiator: { id: 'per_alice', email: 'alice@acme.test', groups: null, kind: 'human' },
    request: { reason: null, source: 'api' },
    at: '2026-11-24T13:30:00.250Z',
  })
  return accepted(source, { on: [action] }).eval(bind(asked, facts, { declared }))
}
const yes = { ok: true, value: true }
const no = { ok: true, value: false }

describe('conditions see', () => {
  test.each([
    'action == "pay" && environment == "prod"',
    'resource.type == "table" && resource.sensitivity == "unknown" && !has(resource.owner)',
    'params.cents == 5000 && params.rate > 1 && params.rate < 2 && params.cents > params.rate',
    'params.cents / 3 == 1666 && params.cents % 3 == 2 && -params.cents == -5000',
    '"a" in params.tags && size(params.tags) == 2 && params.tags.all(x, x < "c") && params.amounts.exists_one(n, n == 2)',
    'params.tags.map(x, x + "!") == ["a!", "b!"] && params.amounts.filter(n, n > 1) == [2, 3]',
    'params.amounts.map(n, n > 1, n * 2) == [4, 6]',
    'has(params.blob) && !has(params.note) && !("cost-centre" in params)',
    'agent.id == "agt_1" && agent.owner.email == "lee@acme.test" && !has(agent.model)',
    'has(agent.owner.groups) && "group:data" in agent.owner.groups && !has(initiator.groups)',
    'initiator.kind == "human" && request.source == "api" && !has(request.reason)',
    'time.hour == 14 && time.weekday == "tue" && time.date == "2026-11-24" && time.windows == []',
    'time.now > timestamp("2026-11-24T13:30:00Z") && time.now < timestamp("2026-11-24T14:30:01+01:00")',
    'time.now - timestamp("2026-11-24T13:00:00Z") > duration("30m") && int(time.now) == 1795527000',
    'params.to.matches("@acme\\\\.test$") && !params.to.matches("^acme") && params.to.split("@") == ["alice", "acme.test"]',
    '"ÄB".lowerAscii() == "Äb" && string(params.cents) == "5000" && size("äö😀") == 3',
  ])('%s', (source) => {
    expect(run(source)).toEqual(yes)
  })
})

describe('the traps of the engine', () => {
  test('null means absent', () => {
    expect(run('has(params.note)', { note: null })).toEqual(no)
    expect(run('has(params.a)', { a: null }, 'raw')).toEqual(no)
    expect(run('has(params.a) && size(params.a) == 1', { a: [null, 1] }, 'raw')).toEqual(yes)
  })

  test('an integer is exact up to the largest safe one', () => {
    expect(run('params.cents == 9007199254740991', { cents: 9_007_199_254_740_991 })).toEqual(yes)
    expect(run('params.cents + 1 == 9007199254740992', { cents: 9_007_199_254_740_991 })).toEqual(yes)
    expect(run('params.cents + 2 == 9007199254740992', { cents: 9_007_199_254_740_991 })).toEqual(no)
  })

  test('a key called like a property of Object is a key like any other', () => {
    const hostile = JSON.parse(
      '{"constructor": {"name": "x"}, "__proto__": 5, "toString": "t"}',
    ) as JsonObject // literal

    expect(
      run('has(params.constructor) && has(params.toString) && params.toString == "t"', hostile, 'raw'),
    ).toEqual(yes)
    expect(run('has(params.hasOwnProperty) || has(params.valueOf)', {}, 'raw')).toEqual(no)
  })

  test('arithmetic that would be infinite or not a number is an error, which no comparison would be', () => {
    expect(run('params.rate * params.rate - params.rate * params.rate > 5.0', { rate: 1e200 })).toMatchObject(
      { ok: false },
    )
    expect(run('params.rate * params.rate > 5.0', { rate: 1e100 })).toEqual(yes)
  })

  test('a wrong type in open parameters is an error, and the value is not in it', () => {
    const outcome = run('has(params.a) && params.a > 5', { a: 'secret-value' }, 'raw')

    expect(outcome).toMatchObject({ ok: false })
    expect(JSON.stringify(outcome)).not.toContain('secret-value')
  })

  test('longer texts are not searched, and more pieces are not split: that is an error', () => {
    expect(run('params.to.matches("a")', { to: 'a'.repeat(8_193) })).toMatchObject({ ok: false })
    expect(run('size(params.to.split(",")) > 1', { to: ','.repeat(999) })).toEqual(yes)
    expect(run('size(params.to.split(",")) > 1', { to: ','.repeat(1_000) })).toMatchObject({ ok: false })
    expect(run('size(params.to.split("")) > 1', { to: 'a'.repeat(1_001) })).toMatchObject({ ok: false })
  })

  test.each([
    'params.to.contains(params.note)',
    'size(params.to.split(params.note)) > 0',
    'params.tags.exists(x, params.to.contains(params.note))',
  ])('a longer part is not looked for, which would take quadratic time: %s', (searches) => {
    const source = `has(params.note) && ${searches}`
    const to = 'a'.repeat(1_000)
    expect(run(source, { to, note: 'a'.repeat(250) })).toEqual(yes)
    expect(run(source, { to, note: 'a'.repeat(251) })).toMatchObject({ ok: false })
  })

  test('searches that take too long together are an error, in one evaluation and not in the next', () => {
    const source = 'params.tags.exists(x, x.matches("(ab|b)[ab]{200}c"))'
    const letters = Array.from({ length: 8_000 }, (_, n) => (((n * n * 7_919) % 65_537) & 64 ? 'a' : 'b'))
    const tags = [letters.join('')]
    expect(run(source, { tags })).toMatchObject({ ok: false })
    expect(run(source, { tags: ['ab'] })).toEqual(no)
  })
})
