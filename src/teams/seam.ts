import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Logger } from 'pino'
import type { Channel } from '../approvals/channelPort.ts'
import type { PersonCommand } from '../approvals/personCommand.ts'
import type { Health, Ports } from '../approvals/ports.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import type { TeamsAccess } from './access.ts'
import type { Connector } from './outbound/connector.ts'
import type { TeamsDirectory } from './outbound/directory.ts'

// Stands in for `app.ts` until it is there; goes with the commit that brings it.

export interface Teams {
  handle(req: IncomingMessage, res: ServerResponse): Promise<void>
  start(): Promise<void>
  stop(): Promise<void>
  readonly channel: Channel
}

export function createTeams(_: {
  readonly ports: Ports
  readonly log: Logger
  readonly access: TeamsAccess
  readonly directory: TeamsDirectory
  readonly connector: Connector
  readonly channel: Channel
  readonly ages: AgeClock
  readonly health: Health
  readonly later: (command: PersonCommand) => Promise<void>
}): Teams {
  throw new Error('not there yet')
}
