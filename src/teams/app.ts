import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Channel } from '../approvals/channelPort.ts'
import type { PersonCommand } from '../approvals/personCommand.ts'
import type { Health, Ports } from '../approvals/ports.ts'
import { rememberIds } from '../channels/firstTime.ts'
import { lookLimit } from '../channels/lookLimit.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import { type OpenWork, openWork } from '../lifetime/openWork.ts'
import type { TeamsAccess } from './access.ts'
import type { TeamsContext } from './context.ts'
import { hear } from './inbound/hear.ts'
import { createConnectorKeys } from './inbound/keys.ts'
import { createReceiver } from './inbound/receiver.ts'
import type { Distrust } from './inbound/verify.ts'
import { call } from './outbound/call.ts'
import type { TeamsChannel } from './outbound/channel.ts'
import type { TeamsDirectory } from './outbound/directory.ts'
import { teamsWording } from './text/answers.ts'

export interface TeamsOptions {
  readonly ports: Ports
  readonly log: Logger
  readonly access: TeamsAccess
  /** The directory inside `ports`, so that what Teams tells can make it forget. */
  readonly directory: Pick<TeamsDirectory, 'forgetPerson'>
  readonly channel: TeamsChannel
  readonly ages: AgeClock
  readonly health: Health
  /** Keeps what somebody does durably for a job. Resolves when it is durable. */
  readonly later: (command: PersonCommand) => Promise<void>
  /** Hears why a delivery was not believed. */
  readonly distrusted?: ((why: Distrust | 'keys_unknown') => void) | undefined
  /** Milliseconds after which a decision counts as slow. */
  readonly slowAfter?: number | undefined
  /** Milliseconds after which a press is acknowledged, whatever becomes of it. */
  readonly ackAfter?: number | undefined
  /** Milliseconds after which a delivery is answered, whatever happens; see receiver.ts. */
  readonly answerWithin?: number | undefined
}

export interface Teams {
  /** Answers one HTTP request on Teams' endpoint, body unread. Never rejects. */
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
  readonly channel: Channel
}

/** Milliseconds after which a decision is queued: what Teams asks is then answered in time. */
export const slowAfter = 2_000

/** Milliseconds for one look at the keys of Teams: a delivery waits for it. */
const keysWithin = 2_000

/** Teams, connected to the verbs. */
export function createTeams(options: TeamsOptions): Teams {
  const { ports, access, log, directory, channel, ages, health } = options
  const work = openWork()
  const teams = contextOf(options, work)
  const receiver = createReceiver({
    access,
    keys: createConnectorKeys(() => readKeys(access.services.keys, health), ages),
    // What is sent is as old as the database says: a server whose own clock is wrong still knows Teams' deliveries.
    now: ports.clock,
    log,
    hear: (activity) => hear(teams, directory, activity),
    distrusted: options.distrusted,
    answerWithin: options.answerWithin,
  })
  return { handle: receiver.handle, start: async () => undefined, stop: work.done, channel }
}

function contextOf(options: TeamsOptions, { follow }: OpenWork): TeamsContext {
  const slow = options.slowAfter ?? slowAfter
  return {
    ports: options.ports,
    log: options.log,
    via: 'teams',
    wording: teamsWording,
    later: options.later,
    ackAfter: options.ackAfter ?? slow,
    slowAfter: slow,
    tenant: options.access.tenant,
    aside: options.channel.aside,
    countLook: lookLimit(options.ages),
    firstTime: rememberIds(1_000),
    follow,
  }
}

/** The operator hears while nobody can know whether Teams sent something. @throws when it does not answer as it should */
async function readKeys(url: string, health: Health): Promise<string> {
  try {
    const { status, text } = await call({ method: 'GET', url, limit: keysWithin })
    if (status !== 200) throw new Error(`it answered ${status}`)
    health.clear('channel_away', 'keys teams')
    return text
  } catch (fault) {
    const code = fault instanceof Error ? fault.message : 'no answer'
    health.raise(
      'channel_away',
      `The keys of Teams cannot be read (${code}): as long as none are known, what people do there is refused.`,
      'keys teams',
    )
    throw fault
  }
}
