import { describe, expect, test } from 'vitest'
import { readyToActivate } from '../../../src/policyTools/activation/ready.ts'
import { reasonsWithoutHint } from '../../../src/policyTools/lint/reasonHints.ts'
import { rule } from '../../policy/ask.ts'
import { bundleFiles, loaded, refused } from '../../policy/files.ts'

const asking = (reason: string) =>
  bundleFiles({ 'rules/a.yaml': rule('a', 'require_approval', { more: `  require: {reason: ${reason}}\n` }) })

describe('a pattern that nothing puts into words', () => {
  test('is told with the fix, and keeps the bundle from becoming active', () => {
    const files = asking("{pattern: '^INC-[0-9]+'}")
    const found = {
      code: 'reason/no-hint',
      rule: 'a',
      message: expect.stringContaining('add `hint` beside `pattern`'),
    }

    expect(reasonsWithoutHint(loaded(files))).toMatchObject([found])
    expect(readyToActivate(files)).toMatchObject({
      ok: false,
      errors: expect.arrayContaining([expect.objectContaining(found)]),
    })
  })

  test('still loads, so that a bundle that became active before there were hints goes on', () => {
    expect(loaded(asking("{pattern: '^INC-[0-9]+'}")).rules).toHaveLength(1)
  })

  test('control: with a hint, or without a pattern, it is not told', () => {
    expect(reasonsWithoutHint(loaded(asking("{pattern: '^INC', hint: Begin with INC.}")))).toEqual([])
    expect(reasonsWithoutHint(loaded(asking('{min_length: 20}')))).toEqual([])
  })

  test('a hint without a pattern says nothing, and is refused', () => {
    expect(refused(asking('{min_length: 20, hint: Say why.}'))).toMatchObject([
      { message: expect.stringContaining('belongs to a pattern') },
    ])
  })
})
