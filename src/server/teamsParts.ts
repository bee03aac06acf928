import type { Logger } from 'pino'
import type { Health } from '../approvals/ports.ts'
import { type Reach, reachOf } from '../channels/reach.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { TeamsAccess } from '../teams/access.ts'
import { askTaken } from '../teams/outbound/askTaken.ts'
import { createChannel, type TeamsChannel } from '../teams/outbound/channel.ts'
import { type Connector, createConnector } from '../teams/outbound/connector.ts'
import { createDirectory, type TeamsDirectory } from '../teams/outbound/directory.ts'
import { refusalFixes } from '../teams/outbound/refusals.ts'
import { createTokens } from '../teams/outbound/tokens.ts'
import { watchedConnector, watchedTokens } from '../teams/outbound/watched.ts'

/** What speaks with Teams. */
export interface TeamsParts {
  readonly access: TeamsAccess
  readonly connector: Connector
  readonly channel: TeamsChannel
  readonly directory: TeamsDirectory
  /** Whether Teams reaches people for us. */
  readonly reach: Reach
  /** Where it says what is wrong with it. */
  readonly health: Health
  /** Asks whether Teams takes us. @throws ConnectorFault */
  connect(): Promise<void>
}

export function teamsParts(
  access: TeamsAccess,
  by: {
    readonly health: Health
    readonly ages: AgeClock
    readonly log: Logger
    readonly metrics?: Metrics | undefined
  },
): TeamsParts {
  const { health, ages, log, metrics } = by
  const reach = reachOf(health, {
    name: 'Teams',
    proof: 'our app',
    part: (of) => `${of} teams`,
    isBeside: false,
    fixes: refusalFixes,
  })
  const tokens = createTokens(access, { ages })
  // The connector's calls are heard as a whole, with the tokens that they need.
  const connector = watchedConnector(createConnector({ access, tokens }), {
    ...reach,
    ...(metrics && { ended: metrics.teamsCallEnded }),
  })
  const directory = createDirectory({ access, tokens: watchedTokens(tokens, reach), ages })
  return {
    ...{ access, connector, directory, reach, health },
    channel: createChannel({ connector, ages, log, tenant: access.tenant, directory }),
    connect: () => askTaken({ access, tokens, watch: reach }),
  }
}
