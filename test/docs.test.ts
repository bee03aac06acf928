import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { moves } from '../src/core/lifecycle.ts'
import { entryTypes } from '../src/ledger/entry.ts'

const architecture = readFileSync('docs/architecture.md', 'utf8')

test('the lifecycle in the docs is the table in the code', () => {
  const drawn = Object.entries(moves)
    .filter(([, row]) => Object.keys(row).length > 0)
    .map(([state, row]) => `${state.padEnd(9)} -> ${Object.values(row).join(' | ')}`)
  expect(architecture).toContain(drawn.join('\n'))
})

test('the map names every room and nothing that is not there', () => {
  const drawn = [...architecture.matchAll(/^ {2}([a-zA-Z]+(?:\/|\.ts)) {2,}/gm)].map(([, name]) => name)
  const there = readdirSync('src', { withFileTypes: true }).map((one) =>
    one.isDirectory() ? `${one.name}/` : one.name,
  )
  expect([...drawn].sort()).toEqual(there.sort())
})

test('links between pages lead somewhere', () => {
  const pages = [
    'README.md',
    'CONTRIBUTING.md',
    ...readdirSync('docs')
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ]
  const broken = pages.flatMap((page) => {
    const folder = page.includes('/') ? 'docs/' : ''
    const links = [...readFileSync(page, 'utf8').matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)].map(
      ([, target]) => target ?? '',
    )
    return links
      .filter((target) => !exists(new URL(target, `file:///${folder}`).pathname.slice(1)))
      .map((target) => `${page}: ${target}`)
  })
  expect(broken).toEqual([])
})

test('entry types are nouns and what happened to them', () => {
  for (const type of entryTypes) expect(type).toMatch(/^[a-z]+\.[a-z]+$/)
})

function exists(path: string): boolean {
  try {
    readFileSync(path)
    return true
  } catch {
    return false
  }
}
