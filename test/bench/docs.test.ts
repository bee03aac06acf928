import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { list, profileName } from '../../bench/list.ts'
import { conversations } from '../../bench/world/policy.ts'

const page = readFileSync('docs/performance.md', 'utf8')

/** The rows of the table under a heading, without its head. */
function rowsUnder(heading: string): readonly (readonly string[])[] {
  const [, below = ''] = page.split(`## ${heading}\n`)
  const [section = ''] = below.split('\n## ')
  const rows = section.split('\n').filter((line) => line.startsWith('|'))
  return rows.slice(2).map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

test('the page has every figure of the bench, with what is to be reached', () => {
  expect(rowsUnder('What is measured')).toEqual(
    Object.entries(list).map(([name, { about, target }]) => [`\`${name}\``, about, target ?? '']),
  )
})

test('the page says how to repeat the figures and the profile', () => {
  expect(page).toContain('npm run bench\n')
  expect(page).toContain(`npm run bench -- ${profileName}`)
})

test('the figures say which commit they were measured at', () => {
  expect(page).toMatch(/Measured at [0-9a-f]{8,40}\b/)
})

test('every conversation of the bench has a name of its own', () => {
  expect(new Set(conversations.map(({ id }) => id)).size).toBe(conversations.length)
})
