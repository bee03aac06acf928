import type { Channel } from '../approvals/channelPort.ts'
import type { Health } from '../approvals/ports.ts'
import { type Reach, reachOf } from '../channels/reach.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { TeamsAccess } from '../teams/access.ts'
import { createChannel } from '../teams/outbound/channel.ts'
import { type Connector, createConnector } from '../teams/outbound/connector.ts'
import { createDirectory, type TeamsDirectory } from '../teams/outbound/directory.ts'
import { refusalFixes } from '../teams/outbound/refusals.ts'
import { createTokens, type Tokens } from '../teams/outbound/tokens.ts'
import { watchedConnector, watchedTokens } from '../teams/outbound/watched.ts'

/** What speaks with Teams. */
export interface TeamsParts {
  readonly access: TeamsAccess
  readonly tokens: Tokens
  readonly connector: Connector
  readonly channel: Channel
  readonly directory: TeamsDirectory
  /** Whether Teams reaches people for us. */
  readonly reach: Reach
  /** Where it says what is wrong with it. */
  readonly health: Health
  /** Asks for a token: that shows that the app is taken. @throws ConnectorFault */
  connect(): Promise<void>
}

export function teamsParts(
  access: TeamsAccess,
  by: { readonly health: Health; readonly ages: AgeClock; readonly metrics?: Metrics | undefined },
): TeamsParts {
  const { health, ages, metrics } = by
  const reach = reachOf(health, {
    name: 'Teams',
    proof: 'our app',
    part: (of) => `${of} Teams`,
    isBeside: false,
    fixes: refusalFixes,
  })
  const tokens = watchedTokens(createTokens(access, { ages }), reach)
  const connector = watchedConnector(createConnector({ access, tokens }), {
    ...reach,
    ...(metrics && { ended: metrics.teamsCallEnded }),
  })
  return {
    ...{ access, tokens, connector, reach, health },
    channel: createChannel({ connector, ages, tenant: access.tenant }),
    directory: createDirectory({ access, tokens, ages }),
    connect: async () => {
      await tokens.tokenFor('connector')
      reach.answered()
    },
  }
}
