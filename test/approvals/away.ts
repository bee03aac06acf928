import { declineDelegation } from '../../src/approvals/delegations/end.ts'
import { startDelegation } from '../../src/approvals/delegations/start.ts'
import type { Ports } from '../../src/approvals/ports.ts'
import { bundleFiles, testBundle } from '../support/testBundle.ts'
import { keyOf } from '../support/testDirectory.ts'
import type { World } from '../support/world.ts'

/** Seconds. */
export const day = 86_400

/** Whoever remembers hears of a commit a moment after it. */
export const heard = () => new Promise((resolve) => setImmediate(resolve))

let acts = 0

/** Somebody of a world, by an account that their channel has authenticated; each time with a delivery of its own. */
export async function asking({ directory }: World, user: string) {
  acts += 1
  const delivery = `act-${acts}`
  return { account: await directory.account(keyOf(user)), via: 'slack', delivery }
}

/** Somebody goes away for some days, and `to` is told in their place. */
export async function goAway(
  world: World,
  user: string,
  given: { readonly to: string; readonly days?: number; readonly ports?: Ports },
) {
  const { to, days = 3, ports = world.ports } = given
  const until = new Date(world.clock().getTime() + days * day * 1_000)
  const started = await startDelegation(ports, {
    ...(await asking(world, user)),
    to: `slack:${to}`,
    until,
  })
  await heard()
  return started
}

/** The delegate presses the button of the first delegation that is in force. */
export async function declineFirst(world: World, user: string) {
  const [one] = await world.store.standingDelegations(world.clock())
  return declineDelegation(world.ports, {
    ...(await asking(world, user)),
    delegation: one?.delegation ?? '',
  })
}

/** The test bundle with other rules, and with more people in its directory. */
export function bundleWith(change: (rules: string) => string) {
  return testBundle({
    ...bundleFiles,
    'bundle.yaml': `${bundleFiles['bundle.yaml']}  user:priya: {slack_user: U0PRIYA}\n`,
    'rules/all.yaml': change(bundleFiles['rules/all.yaml'] ?? ''),
  })
}
