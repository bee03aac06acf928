import { expect, test } from 'vitest'
import { complete, completionAt, encode } from '../../../src/sandbox/page/completion.ts'
import { snapshot } from './workspace.ts'

test('a slash at the very beginning offers the commands, anywhere else it does not', () => {
  expect(completionAt('/', 1, snapshot())?.suggestions).toMatchObject([{ insert: '/approvals' }])
  expect(completionAt('/nope', 5, snapshot())).toBeNull()
  expect(completionAt('a /', 3, snapshot())).toBeNull()
})

test('an at sign offers people, the app first', () => {
  expect(completionAt('hi @', 4, snapshot())?.suggestions[0]).toMatchObject({ insert: '@Countersign' })
  expect(completionAt('hi @sto', 7, snapshot())?.suggestions).toMatchObject([{ insert: '@Bob Stone' }])
  expect(completionAt('mail@sto', 8, snapshot())).toBeNull()
})

test('a suggestion replaces what was typed and leaves the rest', () => {
  const completion = completionAt('@cou approve', 4, snapshot())
  const suggestion = completion?.suggestions[0]

  expect(completion && suggestion && complete('@cou approve', completion, suggestion)).toBe(
    '@Countersign approve',
  )
})

test('names become ids, the longest name first', () => {
  const { members } = snapshot()

  expect(encode('@Bob Stone and @bob, ask @Countersign why', members)).toBe(
    '<@U0STONE> and <@U0BOB>, ask <@U0APP> why',
  )
  expect(encode('bob@bob.test, @bobby', members)).toBe('bob@bob.test, @bobby')
})
