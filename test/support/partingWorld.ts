import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { unlinkPeople } from '../../src/approvals/unlinkPeople.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { testChannel } from './channel.ts'
import { shell } from './claims.ts'
import { jobsAtWork } from './jobsAtWork.ts'
import { memoryStore } from './memoryStore.ts'
import { bundleFiles, testBundle } from './testBundle.ts'
import { keyOf } from './testDirectory.ts'
import { click, testWorld } from './world.ts'

/** The policy of the tests, which asks Security about parting accounts. */
const policy = testBundle({
  ...bundleFiles,
  'actions.yaml': `${bundleFiles['actions.yaml']}  people.unlink: {effect: admin, params: open}\n`,
  'rules/people.yaml': `
- id: people.unlink
  description: Parting accounts needs Security.
  match: {actions: [people.unlink]}
  verdict: require_approval
  require:
    approvals: [{name: security, from: [group:security], count: 1}]
`,
})

export const typed = { via: 'cli', shell } as const

export const email = (name: string) => ({ email: `${name}@acme.test` })

/** A world in which accounts are joined and parted again, with the jobs at work. */
export async function partingWorld() {
  const store = memoryStore()
  const world = await testWorld({ store, policy })
  const { ports } = world
  const { runDue } = jobsAtWork({ ports, store, channel: testChannel(), clock: world.clock })

  /** Alice's second account is Bob's: so says a link. */
  const link = (account = 'alice', other = 'bob') =>
    linkAccounts(ports, { account: email(account), other: email(other), ...typed })

  async function asked(account = 'bob', by = 'noor', through: Ports = ports): Promise<ActionRequest> {
    const unlinked = await unlinkPeople(through, {
      account: email(account),
      by: email(by),
      reason: 'Two people',
      ...typed,
    })
    if (unlinked.outcome !== 'asked') throw new Error('nobody was asked')
    return unlinked.request
  }

  async function unlink(account = 'bob'): Promise<void> {
    world.clock.advance(1)
    const { id } = await asked(account)
    await click(world, id, 'U0PRIYA')
    await runDue()
    world.clock.advance(1)
  }

  const personAt = async (user: string) => (await store.account(keyOf(user)))?.person
  return { store, world, ports, runDue, link, asked, unlink, personAt }
}
