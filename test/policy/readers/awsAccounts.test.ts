import { expect, test } from 'vitest'
import type { Json } from '../../../src/core/json.ts'
import { readAws } from '../../../src/policy/readers/aws/aws.ts'

const accounts = (given: Json) => {
  const reading = readAws('lambda', 'GetFunctionConfiguration', given)
  return reading.understood ? reading.facts.accounts : reading.why
}
const [ours, other] = ['777788889999', '111122223333']

test.each<readonly [string, Json, readonly string[]]>([
  ['none', null, []],
  ['none by a plain name', { FunctionName: 'checkout' }, []],
  ['one in an ARN', { FunctionName: `arn:aws:lambda:eu-central-1:${other}:function:checkout` }, [other]],
  ['one in part of an ARN', { FunctionName: `${other}:function:checkout` }, [other]],
  ['one as a number', { OwnerAccountId: 111122223333 }, [other]],
  ['one deep inside', { Filters: [{ Values: [[{ x: other }]] }] }, [other]],
  ['one as a key', { [other]: true }, [other]],
  ['each once', { a: [ours, other, `x${ours}`] }, [ours, other]],
  ['none in longer and shorter numbers', { startTime: 1_796_303_023_093, n: '12345678901' }, []],
])('the arguments name %s', (_, given, named) => {
  expect(accounts(given)).toEqual(named)
})

test('a call that names more accounts than anybody means is not understood', () => {
  const many = (count: number) => Array.from({ length: count }, (_, n) => String(100_000_000_000 + n))
  expect(accounts({ of: many(20) })).toHaveLength(20)
  expect(accounts({ of: many(21) })).toBe('Its arguments name more than 20 accounts.')
})
