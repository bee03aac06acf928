import { expect, test } from 'vitest'
import { topicsOf } from '../../src/store/batch.ts'
import { approval, approved, madeRequest, submission } from './made.ts'

test('a request that people decide, and each change of one, has a topic of its own with its version', () => {
  const request = madeRequest()

  expect(topicsOf(submission(request))).toEqual([`${request.id}@1`])
  expect(topicsOf(approval(request))).toEqual([`${request.id}@2`])
})

test('all that policy decides at once shares one topic, because nobody can wait for it yet', () => {
  const [one, other] = [madeRequest(), madeRequest()].map((made) => ({ ...approved(made), version: 1 }))
  if (!one || !other) throw new Error('two were made')

  expect(topicsOf(submission(one))).toEqual(topicsOf(submission(other)))
  expect(topicsOf(submission(one)).join()).not.toContain('req_')
})
