import { readdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { confirmationContent, disownedContent } from '../../src/card/confirmation.ts'
import { claims } from './claims.ts'
import { written } from './written.ts'

/** Shown to whoever is to carry one over, and to nobody else. */
const code = 'k3m7x-a2b4c-d5e6f-g7h2j-m3n4p'

const fileOf = (name: string) => name.replaceAll(/[^a-z]+/g, '-')

test.each(Object.entries(claims))('what somebody is asked in any channel: %s', async (name, side) => {
  const lines = Object.entries(
    confirmationContent(side.mine, side.confirmation, side.mine.answer === null ? code : null),
  ).flatMap(([key, value]) =>
    Array.isArray(value) ? value.map((one) => `  ${written(one)}`) : [`${key}: ${written(value)}`],
  )
  const alarm = Object.entries(disownedContent(side.confirmation)).map(
    ([key, value]) => `${key}: ${written(value)}`,
  )
  const all = side.confirmation.state === 'disowned' ? [...lines, '# alarm', ...alarm] : lines

  await expect(`${all.join('\n')}\n`).toMatchFileSnapshot(
    resolve('test/golden/claims', `${fileOf(name)}.txt`),
  )
})

test('every golden file of a claim is what some test compares', () => {
  const compared = Object.keys(claims).map((name) => `${fileOf(name)}.txt`)

  expect(readdirSync('test/golden/claims').filter((file) => !compared.includes(file))).toEqual([])
})
