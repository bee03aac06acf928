import { expect, test } from 'vitest'
import { houseBlocks } from '../../src/slack/windows/houseBlocks.ts'

test.each([
  [
    { sealed: 1, waiting: 1 },
    412,
    'last checkpoint: 1 entry, 1 waits for the next, outside the house 7m ago',
  ],
  [{ sealed: 48_211, waiting: 0 }, 90_000, 'last checkpoint: 48,211 entries, outside the house 25h ago'],
])('the line of how the server is says %o as people do', (ledger, anchoredSeconds, line) => {
  const blocks = houseBlocks({ conditions: [], stored: { ledger, anchoredSeconds, jobs: [] } })

  expect(JSON.stringify(blocks)).toContain(line)
})
