import { linkOf } from '../../src/approvals/people/identify.ts'
import { lookAtAccounts, lookWhenTold } from '../../src/approvals/people/lookAtAccounts.ts'
import { keyOf } from '../support/testDirectory.ts'
import { type Errand, register } from './errand.ts'
import type { Stage } from './stage.ts'

const bob = keyOf('U0BOB')

/** Bob's account is known as it was, and has come to have Priya's address. */
async function changed({ world }: Stage): Promise<void> {
  for (const user of ['U0BOB', 'U0PRIYA'])
    await linkOf(world.ports, await world.ports.directory.account(keyOf(user)))
  await lookAtAccounts(world.ports)
  world.directory.changeAccount('U0BOB', { email: 'priya+b@acme.test' })
}

/** What was recorded, how often, and how many of those who look after security heard it. */
async function found(stage: Stage): Promise<unknown> {
  const entries = (await register(stage)).filter((type) => type === 'account.changed')
  const heard = stage.channel.alarms.filter((one) => one.startsWith('account '))
  return { entries, heard: new Set(heard).size, turn: (await stage.store.seenAccount(bob))?.version }
}

export const accountErrands: Readonly<Record<string, Errand>> = {
  'hearing that an account has the address of another': {
    arrange: async (stage) => {
      await changed(stage)
      return ({ ports }) => lookWhenTold(ports, bob, { email: null })
    },
    result: found,
    expected: { entries: ['account.changed'], heard: 2, turn: 2 },
  },
  'looking whether accounts are as they were': {
    arrange: async (stage) => {
      await changed(stage)
      // Where the directory did not answer, its turn comes again.
      return ({ ports }) => {
        stage.world.clock.advance(7 * 3_600)
        return lookAtAccounts(ports)
      }
    },
    result: found,
    expected: { entries: ['account.changed'], heard: 2, turn: 2 },
  },
}
