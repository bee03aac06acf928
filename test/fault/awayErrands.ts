import { declineDelegation } from '../../src/approvals/delegations/end.ts'
import { startDelegation } from '../../src/approvals/delegations/start.ts'
import { keyOf } from '../support/testDirectory.ts'
import type { World } from '../support/world.ts'
import { type Errand, register } from './errand.ts'
import type { Stage } from './stage.ts'

const until = new Date('2026-11-26T18:00:00.000Z')

async function omarAway({ world }: Stage, delivery: string) {
  const account = await world.directory.account(keyOf('U0OMAR'))
  return { account, via: 'slack', to: 'slack:U0BOB', until, delivery }
}

const told = ({ channel }: Stage) => [
  ...new Set(channel.alarms.map((one) => one.replace(/^delegation \S+ /, ''))),
]

const standing = async (world: World) =>
  (await world.store.standingDelegations(world.clock())).map(({ delegate }) => delegate)

async function result(stage: Stage) {
  return { told: told(stage), standing: await standing(stage.world), register: await register(stage) }
}

/** Slack delivers a command, or a press, again as long as it has no answer: under the same name. */
export const awayErrands: Readonly<Record<string, Errand>> = {
  'somebody goes away': {
    arrange: async (stage) => {
      const asked = await omarAway(stage, 'command')
      return ({ ports }) => startDelegation(ports, asked)
    },
    result,
    expected: {
      told: [`started ${keyOf('U0BOB')}`],
      standing: [keyOf('U0BOB')],
      register: ['delegation.started'],
    },
  },
  'a delegate declines': {
    arrange: async (stage) => {
      const { delegation } = await startDelegation(stage.world.ports, await omarAway(stage, 'earlier'))
      const account = await stage.world.directory.account(keyOf('U0BOB'))
      const press = { account, via: 'slack', delivery: 'press', delegation: delegation.delegation }
      return ({ ports }) => declineDelegation(ports, press)
    },
    // Whoever hears that it is over need not hear that it began.
    result: async (stage) => ({
      ...(await result(stage)),
      told: told(stage).filter((one) => !one.startsWith('started')),
    }),
    expected: {
      told: [`declined ${keyOf('U0OMAR')}`],
      standing: [],
      register: ['delegation.started', 'delegation.ended'],
    },
  },
}
