import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import type { OpenHomes } from '../../src/approvals/openHomes.ts'
import type { SlackContext } from '../../src/slack/context.ts'
import { keepOwnHomes } from '../../src/slack/windows/ownHomes.ts'
import { eventually } from '../support/eventually.ts'
import { memoryHomes } from '../support/memoryCrowds.ts'

function replica(store: OpenHomes) {
  let renewals = 0
  const counted: OpenHomes = {
    ...store,
    async keepOpenHomes(keeper) {
      const homes = await store.keepOpenHomes(keeper)
      renewals += 1
      return homes
    },
  }
  const kept = new Map<string, number>()
  const slack = { ports: { store: counted }, log: pino({ level: 'silent' }) } as unknown as SlackContext
  const own = keepOwnHomes(slack, { everyMs: 1, kept, take: (user, ago) => void kept.set(user, ago) })
  onTestFinished(() => own.stop())
  return {
    kept,
    async opened(user: string) {
      await own.opened(user)
      kept.set(user, 0)
    },
    stop: () => own.stop(),
    async renewedTwice() {
      const before = renewals
      await eventually(() => expect(renewals).toBeGreaterThan(before + 1))
    },
  }
}

test('a Home whose hour is over for its own process is not taken up again by it, whatever the database says', async () => {
  const only = replica(memoryHomes())
  await only.opened('U0BOB')
  await only.opened('U0PRIYA')
  await only.renewedTwice()

  only.kept.delete('U0BOB')
  await only.renewedTwice()

  expect([...only.kept.keys()]).toEqual(['U0PRIYA'])
})

test('one whose process has ended is taken by another', async () => {
  const store = memoryHomes()
  const first = replica(store)
  const second = replica(store)
  await first.opened('U0BOB')
  await second.renewedTwice()
  expect([...second.kept.keys()]).toEqual([])

  await first.stop()
  await second.renewedTwice()

  expect([...second.kept.keys()]).toEqual(['U0BOB'])
})
