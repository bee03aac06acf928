import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { usualPulse } from '../../src/jobs/pulse.ts'
import { usualLimits } from '../../src/store/pool.ts'
import { troubles } from '../../src/store/unavailable.ts'

const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8')
const seconds = (ms: number) => ms / 1_000

test('docs/operations.md names every trouble of the database', () => {
  for (const reason of Object.keys(troubles)) expect(page).toContain(`| \`${reason}\` |`)
})

test('docs/operations.md states the times and numbers that hold', () => {
  const { silent, server, idle, age, rest, size } = usualLimits

  expect(page).toContain(`not answered within ${seconds(silent ?? 0)} seconds`)
  expect(page).toContain(
    `after ${seconds(server?.statement ?? 0)} seconds and waiting for locks after ${seconds(server?.lock ?? 0)}`,
  )
  expect(page).toContain(`a transaction that rests for ${seconds(server?.idleInTransaction ?? 0)} seconds`)
  expect(page).toContain(`rested for ${seconds(idle)} seconds`)
  expect(page).toContain(`after ${seconds(age) / 60} minutes in any case`)
  expect(page).toContain(`One that has rested for ${seconds(rest)} seconds`)
  expect(page).toContain(`at most ${size} connections`)
  expect(page).toContain(`asked for work for ${seconds(usualPulse.quietAfter)} seconds`)
})
