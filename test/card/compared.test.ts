import { expect, test } from 'vitest'
import { sayCompared } from '../../src/card/compared.ts'
import { written } from './written.ts'

test.each([
  ['read.operation.risks', 'in', 'settings', '«risks of operation ≤80» «"settings" ≤60»'],
  ['size(read.operation.risks)', '!=', 1, '«number of risks of operation ≤80» 1, not 0'],
  ['read.plan.destroyed_types', 'in', 'aws_instance', '«destroyed types of plan ≤80» «"aws_instance" ≤60»'],
  ['params.rows', '>=', 250_000, '«rows ≤80» 250,000 ≥ 0'],
  ['run.sensitivities', 'in', 'restricted', '«what the run has read ≤80» «"restricted" ≤60»'],
  // A parameter can be called like anything.
  ['params.read.x.y', '==', 'a', '«read.x.y ≤80» «"a" ≤60»'],
])('%s is called as people call it', (path, operator, value, says) => {
  expect(written(sayCompared([{ path, operator, value, limit: 0 }]))).toBe(JSON.stringify([says]))
})
