import { type Channel, ChannelFault } from '../../src/approvals/channelPort.ts'
import { type Directory, DirectoryFault, type Ports, type Store } from '../../src/approvals/ports.ts'
import { SendFault } from '../../src/approvals/webhooks/outgoing.ts'

/** One way in which a call at a port goes wrong. */
export interface Mishap {
  /** Whether the call takes effect before it goes wrong. */
  readonly tookEffect: boolean
  /** Whether the process is dead from then on: no later call reaches anything. */
  readonly dead: boolean
  /** What a channel says: whether the call may have taken effect. Stores never know. */
  readonly unknown: boolean
}

/** Every way, by the name under which tests report it. */
export const mishaps: Readonly<Record<string, Mishap>> = {
  'the process dies just before': { tookEffect: false, dead: true, unknown: true },
  'the process dies just after': { tookEffect: true, dead: true, unknown: true },
  'it is refused': { tookEffect: false, dead: false, unknown: false },
  'it is not done and its answer is lost': { tookEffect: false, dead: false, unknown: true },
  'it is done and its answer is lost': { tookEffect: true, dead: false, unknown: true },
}

/** What a verb works with, all of it behind the trap. */
export interface Outside {
  readonly ports: Ports
  readonly channel: Channel
}

export interface Trap extends Outside {
  /** How many calls went through the ports so far. */
  readonly calls: () => number
}

/** The same ports, whose `nth` call (from 1; 0: none) meets a mishap. */
export function trap({ ports, channel }: Outside, nth: number, mishap: Mishap): Trap {
  let calls = 0
  const { unknown } = mishap
  const faults = {
    store: () => new Error('the connection to the database broke'),
    directory: () => new DirectoryFault('the directory did not answer'),
    channel: () => new ChannelFault({ code: 'trap', message: 'the channel did not do it', unknown }),
    outgoing: () => new SendFault('nobody answered'),
  }
  const through = (port: keyof typeof faults) => async (call: () => unknown) => {
    calls += 1
    if (nth === 0 || calls < nth || (calls > nth && !mishap.dead)) return call()
    if (calls === nth && mishap.tookEffect) await call()
    throw mishap.dead ? new Error('killed') : faults[port]()
  }
  return {
    ports: {
      ...ports,
      store: wrapped<Store>(ports.store, through('store')),
      directory: wrapped<Directory>(ports.directory, through('directory')),
      outgoing: { ...ports.outgoing, ...wrapped({ post: ports.outgoing.post }, through('outgoing')) },
    },
    channel: wrapped<Channel>(channel, through('channel')),
    calls: () => calls,
  }
}

function wrapped<T extends object>(port: T, through: (call: () => unknown) => Promise<unknown>): T {
  const members = Object.entries(port).map(([name, member]) => {
    if (typeof member !== 'function' || name === 'watch') return [name, member]
    return [name, (...args: unknown[]) => through(() => member(...args))]
  })
  return Object.fromEntries(members) as T // the same members; every wrapped one resolves to what it resolved to
}
