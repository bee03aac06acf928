import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { Rule } from '../../../src/policy/bundle.ts'
import { bundle } from './judge.ts'

const page = readFileSync('docs/policies.md', 'utf8')

interface Said {
  readonly id: string
  readonly verdict: Rule['verdict']
  /** What the page says between this rule and the next. */
  readonly words: string
}

const columns = ['allow', 'require_approval', 'deny'] as const

const said: readonly Said[] = [...page.matchAll(/^\| \*\*(.*)\|$/gm)].flatMap(([, row = '']) => {
  const cells = row.split('|').slice(1)
  return columns.flatMap((verdict, at) =>
    (cells[at] ?? '')
      .split(/(?=`[a-z0-9-]+(?:\.[a-z0-9-]+)+`)/)
      .map((part) => ({ part, id: /^`([a-z0-9.-]+)`/.exec(part)?.[1] }))
      .flatMap(({ part, id }) => (id === undefined ? [] : [{ id, verdict, words: part }])),
  )
})

const byName: Readonly<Record<string, string>> = {
  owner: 'owner',
  'group:data-owners': 'data owner',
  'group:iam-admins': 'IAM admin',
  'group:incident-commanders': 'incident commander',
  'group:platform-leads': 'platform lead',
  'group:release-managers': 'release manager',
  'group:security': 'Security',
}

describe('the page about the bundle that ships', () => {
  test('says of every rule once whether it allows, asks or refuses, and of no other', () => {
    const written = said.map(({ id, verdict }) => `${id} ${verdict}`)
    const ruled = bundle.rules.map(({ id, verdict }) => `${id} ${verdict}`)

    expect([...written].sort()).toEqual([...ruled].sort())
  })

  test.each(bundle.rules.filter(({ demand }) => demand !== null).map((rule) => ({ id: rule.id, rule })))(
    'names those whom $id asks, and how many',
    ({ id, rule }) => {
      const words = said.find((one) => one.id === id)?.words ?? ''
      const legs = rule.demand?.legs ?? []

      for (const { from, count } of legs) {
        for (const source of from) expect(words).toContain(byName[source])
        expect(words.includes('two '), `${id} asks ${count}`).toBe(count === 2)
      }
      if ((rule.demand?.confirm.length ?? 0) > 0) expect(words).toContain('typed')
    },
  )

  test('says which rules have an emergency path, and which only watch', () => {
    for (const { id, breakGlass, mode } of bundle.rules) {
      const words = said.find((one) => one.id === id)?.words ?? ''
      expect(words.includes('break-glass'), id).toBe(breakGlass !== null)
      expect(words.includes('only watches'), id).toBe(mode === 'observe')
    }
  })

  test('names only files that the bundle has', () => {
    const named = [...page.matchAll(/`([a-z]+\.yaml)`/g)].map(([, name]) => name ?? '')
    const there = new Set([
      'bundle.yaml',
      'resources.yaml',
      'commands.yaml',
      ...bundle.rules.map(({ at }) => at.file.replace('rules/', '')),
    ])

    expect(named.filter((name) => !there.has(name))).toEqual([])
  })
})
