import { expect, test } from 'vitest'
import { differenceOf } from '../../../src/policyTools/difference/difference.ts'
import { loosened } from '../../../src/policyTools/difference/loosened.ts'
import { actionsYaml, bundleFiles, loaded } from '../../policy/files.ts'

const head = 'apiVersion: countersign/v1\nkind: CommandCatalogue\n'
const rule = `
- id: run.look
  description: Looking is automatic.
  match: {actions: [shell.run]}
  when: read.command.understood && read.command.tier == "names"
  verdict: allow
`
const withCommands = (commands: string, rules = rule) =>
  loaded(
    bundleFiles({
      'actions.yaml': `${actionsYaml}  shell.run: {effect: write, params: {command: {type: string, reads: shell}}}\n`,
      'rules/run.yaml': rules,
      'commands.yaml': head + commands,
    }),
  )
const base = withCommands('programs: {ls: {tier: names}, cat: {tier: contents}}')
const told = (to: string) => loosened(base, withCommands(to)).map(({ message }) => message)

test.each([
  ['programs: {ls: {tier: names}, cat: {tier: contents}, df: {tier: names}}', 'df is new in commands.yaml'],
  ['programs: {ls: {tier: names, switches: [-l]}, cat: {tier: contents}}', 'ls has another entry'],
  ['programs: {ls: {tier: names}}', 'cat is gone from commands.yaml'],
  [
    'runs: [{agents: all, shell: bash, settings: []}]\nprograms: {ls: {tier: names}, cat: {tier: contents}}',
    'runs of commands.yaml changed',
  ],
  [
    'paths: {contents: [/etc], secret: []}\nprograms: {ls: {tier: names}, cat: {tier: contents}}',
    'paths of commands.yaml changed',
  ],
])('an edit of what is known is told as one that can weaken: %s', (to, says) => {
  expect(told(to)).toEqual([expect.stringContaining(says)])
})

test('no edit is told where the same stands there in another order, or where no rule goes by it', () => {
  const without = (programs: string) => withCommands(`programs: ${programs}`, '[]')

  expect(told('programs: {cat: {tier: contents}, ls: {tier: names}}')).toEqual([])
  expect(loosened(without('{ls: {tier: names}}'), without('{}'))).toEqual([])
})

test('a changed entry is among what differs', () => {
  const { otherChanges } = differenceOf(
    base,
    withCommands('programs: {ls: {tier: contents}, df: {tier: names}}'),
  )

  expect(otherChanges).toEqual(['command cat removed', 'command df added', 'command ls changed'])
})
