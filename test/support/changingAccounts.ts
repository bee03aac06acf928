import { linkOf } from '../../src/approvals/people/identify.ts'
import { lookAtAccounts } from '../../src/approvals/people/lookAtAccounts.ts'
import { claimsWorld } from './claims.ts'
import { keyOf } from './testDirectory.ts'

export const bob = keyOf('U0BOB')

/** A world with the jobs at work in which Alice, Bob and Priya are known, and what a test about accounts that change asks of it. */
export async function changingAccounts() {
  const house = await claimsWorld()
  const { world, ports, store, channel } = house
  for (const user of ['U0ALICE', 'U0BOB', 'U0PRIYA'])
    await linkOf(ports, await ports.directory.account(keyOf(user)))
  return {
    ...house,
    change: (...to: Parameters<typeof world.directory.changeAccount>) => world.directory.changeAccount(...to),
    /** A look at everything, when every turn has come. */
    look: async () => {
      world.clock.advance(7 * 3_600)
      await lookAtAccounts(ports)
    },
    /** What was found, as the ledger has it. */
    changes: () =>
      store.ledger
        .filter(({ type }) => type === 'account.changed')
        .map(({ data }) => [data.what, data.account, data.other]),
    alarms: () => channel.said.filter((line) => line.startsWith('account ')),
    /** Somebody more whom we know. */
    addMember: async (user: string) => {
      const account = {
        ...(await ports.directory.account(bob)),
        key: keyOf(user),
        email: `${user}@acme.test`,
      }
      world.directory.accounts.set(user, account)
      await linkOf(ports, account)
    },
    /** Hears whom the directory is asked about from now on. */
    hearAsked: (): readonly string[] => {
      const asked: string[] = []
      const { account } = world.directory
      world.directory.account = async (address) => {
        asked.push(address)
        return account(address)
      }
      return asked
    },
  }
}

/** Resolves for everybody when so many have come. */
export function meeting(size: number): () => Promise<void> {
  let come = 0
  let open = (): void => undefined
  const all = new Promise<void>((resolve) => {
    open = resolve
  })
  return async () => {
    come += 1
    if (come === size) open()
    await all
  }
}
