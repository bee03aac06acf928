import { expect, test } from 'vitest'
import { bundleChanges } from '../../../src/policyTools/difference/bundleChanges.ts'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { loaded } from '../../policy/files.ts'
import { mailLine, searchLine, withTools } from '../../policy/mcp/serverFiles.ts'

const when = 'tool.understood && tool.effect == "read" && !tool.outside'
const withLines = (tools: string) => loaded(withTools(when, { tools }))
const draft = mailLine.replace(/reviewed: .*/, 'reviewed: false')
const told = (from: string, to: string) =>
  loosened(withLines(from), withLines(to)).map(({ message }) => message)

test.each([
  [
    searchLine + draft,
    searchLine + mailLine,
    'The tool "mail" of docs is reviewed now (write, reaches outside)',
  ],
  [searchLine, searchLine + mailLine, 'The tool "mail" of docs is reviewed now'],
  [searchLine + mailLine, searchLine + draft, 'The tool "mail" of docs is no longer reviewed'],
  [searchLine + mailLine, searchLine, 'The tool "mail" of docs is no longer reviewed'],
  [
    searchLine + mailLine,
    searchLine + mailLine.replace('outside: true', 'outside: false'),
    'The tool "mail" of docs has another review (write, stays inside)',
  ],
  [
    searchLine + mailLine,
    searchLine + mailLine.replace('{type: string?, is: path}', 'string?'),
    'has another review',
  ],
])('an edit of what is reviewed is told as one that can weaken: %#', (from, to, says) => {
  expect(told(from, to)).toEqual([expect.stringContaining(says)])
})

test('what nobody has reviewed is not told, nor the same in another order, nor where no rule goes by tools', () => {
  const unruled = (tools: string) =>
    loaded(withTools('params.server == "docs"', { tools, verdict: 'require_approval' }))

  expect(told(searchLine, searchLine + draft)).toEqual([])
  expect(told(searchLine + mailLine, mailLine + searchLine)).toEqual([])
  expect(loosened(unruled(searchLine), unruled(mailLine))).toEqual([])
})

test('people who decide about a change see each tool that differs', () => {
  const [from, to] = [
    withLines(searchLine + mailLine),
    withLines(searchLine.replace('effect: read', 'effect: write')),
  ]

  expect(differenceOf(from, to).otherChanges).toEqual(['tool docs mail removed', 'tool docs search changed'])
  expect(bundleChanges(from, to)).toEqual([
    expect.stringContaining('tools "search" of docs: «read → write», stays inside, q: string'),
    expect.stringMatching(
      /^tools "mail" of docs: «write, reaches outside, to: list of string \(recipient\).* → none»$/,
    ),
  ])
})

test('another parameter for the tool that is called can weaken', () => {
  const files = withTools(when)
  const swapped = new Map(
    [...files].map(([path, text]) => [
      path,
      text.replace('server: server, name: tool,', 'server: tool, name: server,'),
    ]),
  )

  expect(loosened(loaded(files), loaded(swapped)).map(({ message }) => message)).toEqual([
    expect.stringContaining('the tool that is called is read from other parameters'),
  ])
})
