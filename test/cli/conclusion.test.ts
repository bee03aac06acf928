import { expect, test } from 'vitest'
import { conclusionOf } from '../../src/cli/conclusion.ts'

const finding = { name: 'n', detail: 'd', fix: null }
const fine = { ...finding, ok: true }
const look = { ...fine, look: true } as const
const wrong = { ...finding, ok: false }

test.each([
  ['nothing to look at', [fine, fine], 'Everything is fine.'],
  ['something that a person has to judge', [fine, look, look], 'Nothing is broken; 2 to look at.'],
  ['something wrong', [fine, look, wrong], '1 of 3 need fixing.'],
])('%s', (_, findings, says) => {
  expect(conclusionOf(findings)).toContain(says)
})
