import { pino } from 'pino'
import { ChannelFault } from '../../src/approvals/channelPort.ts'
import { DirectoryFault, NobodyThere } from '../../src/approvals/ports.ts'
import type { Card } from '../../src/approvals/records.ts'
import { createAgeClock } from '../../src/lifetime/ageClock.ts'
import { createChannel } from '../../src/teams/outbound/channel.ts'
import { entry } from '../card/situationParts.ts'
import { decisionOf, viewOfExport } from '../card/views.ts'
import { fakeConnector } from './fakeConnector.ts'
import { inTeams, objectOf, tenant } from './inTeams.ts'

export const channelId = '19:c0data@thread.tacv2'
export const bob = objectOf('U0BOB')
export const bobsKey = `teams:${tenant}:${bob}`
export const view = inTeams(viewOfExport())
/** What the action names, and what is no card says nothing of. */
export const sensitive = 'warehouse.users'

export const card: Card = {
  id: 'crd_01kb',
  version: 1,
  request: view.request.id,
  conversation: `teams:${channelId}`,
  status: 'posting',
  message: null,
  shown: null,
  told: 0,
}
export const posted: Card = { ...card, status: 'posted', message: '1700000000001' }
export const direct: Card = { ...card, id: 'crd_02kb', conversation: bobsKey }
export const inPerson: Card = { ...direct, status: 'posted', message: `a:${bob}/1700000000002` }

/** The channel over a Teams of its own, with a directory that knows everybody but the groups that a test makes. */
export function openChannel() {
  let now = 0
  let isThere = true
  const teams = fakeConnector()
  const logged: Record<string, unknown>[] = []
  const groups = new Map<string, readonly string[]>()
  const channel = createChannel({
    connector: teams.connector,
    log: pino({ base: {} }, { write: (line) => void logged.push(JSON.parse(line)) }),
    ages: createAgeClock({ elapsed: () => now, wall: () => now }),
    tenant,
    directory: {
      async account(address) {
        if (!isThere) throw new DirectoryFault('away')
        if (groups.has(address)) throw new NobodyThere('it is a group')
        const bob = { key: address, name: 'Bob', email: null, human: true, active: true }
        return { ...bob, guest: false, external: false }
      },
      members: async ({ address }) => groups.get(address) ?? [],
    },
  })
  return {
    channel,
    teams,
    groups,
    logged,
    wait: (milliseconds: number) => {
      now += milliseconds
    },
    loseDirectory: () => {
      isThere = false
    },
  }
}

export async function faultOf(call: Promise<unknown>): Promise<ChannelFault> {
  const end = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (!(end instanceof ChannelFault)) throw new Error(`a fault was expected, and came ${end}`)
  return end
}

export const decided = inTeams(entry('decision.made'))
export const approved = inTeams(
  viewOfExport({ decisions: [decisionOf('bob', 'approve')], filled: [['data', ['per_bob']]] }),
)
