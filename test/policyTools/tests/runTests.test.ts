import { describe, expect, test } from 'vitest'
import { differences, one, right } from './written.ts'

describe('what a test expects', () => {
  test('every field can be stated, and holds', () => {
    expect(differences(one(right))).toEqual([])
  })

  test.each([
    ['verdict: deny', 'verdict', '"deny"', '"require_approval"'],
    ['code: unmatched', 'code', '"unmatched"', '"rules"'],
    ['decided_by: []', 'decided_by', '[]', '["export.bulk"]'],
    [
      'decided_by: [export.bulk, copy.never]',
      'decided_by',
      '["copy.never","export.bulk"]',
      '["export.bulk"]',
    ],
    ['observed: []', 'observed', '[]', '["export.night"]'],
    ['approvals: {data: 1}', 'approvals', '{"data":1}', '{"data":1,"security":2}'],
    ['approvals: {data: 1, security: 1}', 'approvals', '{"data":1,"security":1}', '{"data":1,"security":2}'],
    ['separation: [initiator]', 'separation', '["initiator"]', '["agent_owner","initiator"]'],
    ['deny_count: 1', 'deny_count', '1', '2'],
    ['expires_in: 45m', 'expires_in', '"45m"', '"30m"'],
    ['grant: {ttl: 10m}', 'grant.ttl', '"10m"', '"5m"'],
    ['grant: {within: 10m}', 'grant.within', '"10m"', '"15m"'],
    ['reason: false', 'reason', 'false', '{"minLength":20,"patterns":["^CHG-"]}'],
    ['reason: {min_length: 10}', 'reason.min_length', '10', '20'],
    ['reason: {patterns: []}', 'reason.patterns', '[]', '["^CHG-"]'],
    ['confirm: []', 'confirm', '[]', '["users"]'],
    ['step_up: passkey', 'step_up', '"passkey"', 'false'],
    ['via: [card, api]', 'via', '["card","api"]', '["card","thread"]'],
    ['channels: []', 'channels', '[]', '["channel:security"]'],
    ['remind: [5m]', 'remind', '["5m"]', '["10m"]'],
    ['escalate: []', 'escalate', '[]', '["20m group:platform"]'],
    ['break_glass: true', 'break_glass', 'true', 'false'],
    ['message: Hello., ', 'message', '"Hello."', 'null'],
  ])('%s is compared', (expected, field, wanted, got) => {
    const actual = got === 'null' ? 'nothing, because nobody is asked' : got

    expect(differences(one(`{${expected}}`))).toMatchObject([{ field, expected: wanted, actual }])
  })

  test('who is in a leg', () => {
    expect(differences(one('{approvals: {data: {from: [group:data]}, security: 2}}'))).toEqual([
      { field: 'approvals.data.from', expected: '["group:data"]', actual: '["group:data","owner"]' },
    ])
  })

  test('what is only asked of people is told apart when nobody is asked', () => {
    const denied =
      '  - name: one\n    request: {action: s3.copy, params: {bucket: b}}\n    expect: {expires_in: 1h}\n'

    expect(differences(denied)).toEqual([
      { field: 'expires_in', expected: '"1h"', actual: 'nothing, because nobody is asked' },
    ])
  })
})
