import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { flow } from '../../bench/figures/flow.ts'
import { everyday, publicSets } from '../../bench/flow/sets.ts'
import { judge } from '../../bench/line.ts'
import { readOptions } from '../../bench/options.ts'

function folderOf(files: Readonly<Record<string, readonly object[]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-flow-'))
  for (const [name, rows] of Object.entries(files))
    writeFileSync(join(folder, `${name}.jsonl`), `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`)
  return folder
}

const measured = (data: string | null) =>
  flow({
    options: { ...optionsOf('flow'), data },
    say: () => undefined,
    stopping: new AbortController().signal,
    closers: { add: () => undefined, close: async () => undefined },
  } as unknown as Parameters<typeof flow>[0])

function optionsOf(...args: readonly string[]) {
  const options = readOptions(args)
  if ('say' in options) throw new Error(options.say)
  return options
}

test('the list of everyday commands has 160 that look, no two alike', () => {
  const [reads, changes] = everyday()
  expect(reads?.calls).toHaveLength(160)
  const all = [...(reads?.calls ?? []), ...(changes?.calls ?? [])].map(({ text }) => text)
  expect(new Set(all).size).toBe(all.length)
})

test('of a public set, what reads and what changes are told apart, and AWS is left to its own set', () => {
  const folder = folderOf({
    'tldr-commands': [
      { page: 'df', command: 'df -h', weakLabel: 'read' },
      { page: 'rm', command: 'rm file', weakLabel: 'destructive' },
      { page: 'aws-s3', command: 'aws s3 ls', weakLabel: 'read' },
    ],
    'aws-iam-actions': [
      { id: 'ec2:DescribeInstances', level: 'List' },
      { id: 'ec2:TerminateInstances', level: 'Write' },
      { id: 'lambda:GetFunction', level: 'Read', risk: ['DataAccess'] },
    ],
  })
  expect(publicSets(folder).map(({ what, calls }) => [what, calls.map(({ text }) => text)])).toEqual([
    ['shell reads (tldr)', ['df -h']],
    ['shell changes (tldr)', ['rm file']],
    ['AWS reads', ['ec2:DescribeInstances']],
    ['AWS writes, and what is tagged as a risk', ['ec2:TerminateInstances', 'lambda:GetFunction']],
  ])
})

test('nothing that changes something runs unasked, in any set', async () => {
  const folder = folderOf({
    'atomic-commands': [
      { technique: 'T1070.003', command: 'rm ~/.bash_history' },
      { technique: 'T1082', command: 'uname -a' },
    ],
  })
  const { lines, notes } = await measured(folder)
  const harmful = lines.filter(({ target }) => target?.bound === 'at most')
  expect(harmful.map(({ what }) => what)).toEqual([
    '24 everyday changes: unasked',
    '1 attacks (Atomic Red Team): unasked',
  ])
  expect(harmful.map(judge)).toEqual(['reached', 'reached'])
  // Asking is not stopping: what people let through is said.
  expect(notes.join('\n')).toContain('of all of it happens 86 % where people refuse 13.6 %')
})
