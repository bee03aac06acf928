import { expect, test } from 'vitest'
import { unsupported } from '../../../src/policy/format/unsupported.ts'
import { bundleFiles, bundleYaml, loaded, refused } from '../files.ts'

const rule = (more: string): string => `- id: a
  description: d
  match: {actions: [db.export]}
  verdict: require_approval
${more}`
const asRule = (more: string) => ({ 'rules/a.yaml': rule(more) })
const from = (source: string) => asRule(`  require: {approvals: [{name: a, from: [${source}], count: 1}]}\n`)
const inDefaults = (line: string) => ({
  'bundle.yaml': bundleYaml.replace('  expires_in: 1h\n', `  expires_in: 1h\n  ${line}\n`),
})

/** Each name of the table, in every place where the language has it. */
const written: readonly [name: string, files: Record<string, string>][] = [
  ['any_of', asRule('  require: {any_of: []}\n')],
  ['agent_owner', from('agent_owner')],
  ['manager(initiator)', from('manager(initiator)')],
  ['distinct: false', asRule('  require: {distinct: false}\n')],
  ['distinct: false', inDefaults('distinct: false')],
  ['uses', asRule('  require: {grant: {uses: 2}}\n')],
]

test.each(written)('%s is refused by name', (name, files) => {
  const problems = refused(bundleFiles(files))

  expect(problems).toMatchObject([
    { code: 'schema/unsupported', message: expect.stringContaining(`\`${name}\` is not supported`) },
  ])
})

test('every name of the table is written here', () => {
  expect(new Set(written.map(([name]) => name))).toEqual(new Set(unsupported.keys()))
})

test('what the language says by default anyway may be written', () => {
  expect(loaded(bundleFiles(asRule('  require: {distinct: true, grant: {uses: 1}}\n'))).rules).toHaveLength(1)
})
