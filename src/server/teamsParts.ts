import type { Channel } from '../approvals/channelPort.ts'
import type { Health } from '../approvals/ports.ts'
import type { Reach } from '../channels/reach.ts'
import type { AgeClock } from '../lifetime/ageClock.ts'
import type { Metrics } from '../metrics/metrics.ts'
import type { TeamsAccess } from '../teams/access.ts'
import { askTaken } from '../teams/outbound/askTaken.ts'
import { type Connector, createConnector } from '../teams/outbound/connector.ts'
import { countedConnector } from '../teams/outbound/counted.ts'
import { createDirectory, type TeamsDirectory } from '../teams/outbound/directory.ts'
import { createReach } from '../teams/outbound/reach.ts'
import { createTokens, type Tokens } from '../teams/outbound/tokens.ts'
import { createChannel } from '../teams/seam.ts'

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
  /** Asks whether Teams takes us. @throws ConnectorFault */
  connect(): Promise<void>
}

export function teamsParts(
  access: TeamsAccess,
  by: { readonly health: Health; readonly ages: AgeClock; readonly metrics?: Metrics | undefined },
): TeamsParts {
  const { health, ages, metrics } = by
  const reach = createReach(health, { isBeside: false })
  const tokens = createTokens(access, { ages })
  const calls = createConnector({ access, tokens, watch: reach })
  const connector = metrics ? countedConnector(calls, metrics.teamsCallEnded) : calls
  return {
    ...{ access, tokens, connector, reach, health },
    channel: createChannel({ connector, ages, tenant: access.tenant }),
    directory: createDirectory({ access, tokens, ages }),
    connect: () => askTaken({ access, tokens, watch: reach }),
  }
}
