import { expect, test } from 'vitest'
import { streamFindings } from '../../src/cli/streamFindings.ts'
import { receiver } from '../streams/streamWorld.ts'

test('names each stream, and what keeps one from taking entries', async () => {
  const sinks = [receiver('good'), receiver('bad', { check: async () => 'nothing can be written there' })]

  expect(await streamFindings(sinks)).toMatchObject([
    { name: 'stream good', ok: true, fix: null },
    { name: 'stream bad', ok: false, detail: 'nothing can be written there', fix: expect.any(String) },
  ])
})
