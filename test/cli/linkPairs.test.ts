import { expect, test } from 'vitest'
import { pairsIn } from '../../src/cli/linkPairs.ts'

const object = '1b4e28ba-2fa1-41d2-883f-0016d3cca427'

test('two accounts on each line, whatever they are called by', () => {
  const text = `\uFEFF# who is who\r\nalice@acme.test,${object}\r\n\r\n "U0BOB" , teams:${object.toUpperCase()}\n`

  expect(pairsIn(text)).toEqual([
    { line: 2, account: { email: 'alice@acme.test' }, other: { address: `teams:${object}` } },
    { line: 4, account: { address: 'slack:U0BOB' }, other: { address: `teams:${object}` } },
  ])
})

test.each([
  ['one account', 'alice@acme.test', '/1'],
  ['three', 'U0A,U0B\nU0A,U0B,U0C', '/2'],
  ['an empty one', 'U0A,', '/1'],
  ['nothing', '# nobody\n', '/file'],
])('a line with %s is refused', (_, text, pointer) => {
  expect(() => pairsIn(text)).toThrow(
    expect.objectContaining({ problems: [expect.objectContaining({ pointer })] }),
  )
})
