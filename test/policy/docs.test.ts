import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { unsupported } from '../../src/policy/format/unsupported.ts'
import { problemCodes } from '../../src/policy/problem.ts'
import { loaded, refused } from './files.ts'

const page = readFileSync('docs/policy.md', 'utf8')

/** Every example says in its first line what it is: a file of the page's bundle, or rules that are refused with a code. */
const examples = [...page.matchAll(/```yaml\n# (refused: )?(\S+)\n([^`]*)```/g)].map(
  ([, isRefused, name = '', text = '']) => ({
    isRefused: isRefused !== undefined,
    name,
    text,
  }),
)
const files = new Map(examples.filter(({ isRefused }) => !isRefused).map(({ name, text }) => [name, text]))

describe('the policy page', () => {
  test('has only examples that say what they are', () => {
    expect(examples).toHaveLength([...page.matchAll(/```yaml/g)].length)
    expect(examples.length).toBeGreaterThan(5)
  })

  test('shows a bundle that loads', () => {
    expect(loaded(files).rules.map(({ id }) => id)).toEqual([
      'code.read',
      'data.export.prod',
      'iam.role.change',
      'recipe.personal',
      'recipe.small',
      'recipe.weekend',
    ])
  })

  test.each(examples.filter(({ isRefused }) => isRefused))(
    'shows rules that are refused with $name',
    ({ name, text }) => {
      expect(refused(new Map([...files, ['rules/refused.yaml', text]])).map(({ code }) => code)).toEqual([
        name,
      ])
    },
  )

  test('lists everything that is not supported, in the loader’s words', () => {
    for (const [name, instead] of unsupported) expect(page).toContain(`| \`${name}\` | ${instead} |`)
  })

  test('lists every code', () => {
    for (const [code, meaning] of Object.entries(problemCodes))
      expect(page).toContain(`| \`${code}\` | ${meaning} |`)
  })
})
