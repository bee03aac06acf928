import type { Logger } from 'pino'
import { commandJob } from '../approvals/job.ts'
import type { PersonCommand } from '../approvals/personCommand.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createSlack, type Slack, type SlackMode, type SlackOptions } from '../slack/app.ts'
import type { Home } from '../slack/card/localView.ts'
import type { SlackIdentity } from '../slack/identity.ts'
import type { Elsewhere } from '../slack/inbound/receiver.ts'
import { fixOf, saysOf, startSlack } from '../slack/startSlack.ts'
import { elsewhere, type OtherWorkspace, tenantsOf, togetherAs } from '../slack/workspaces.ts'
import type { Parts } from './compose.ts'
import type { SandboxParts } from './composeSandbox.ts'
import type { Config } from './config.ts'
import type { OtherWorkspaceParts } from './otherWorkspaces.ts'
import type { SlackParts } from './slackParts.ts'
import { StartFault } from './startFault.ts'

/** With Slack. */
export type House = Pick<Parts, 'ports' | 'ages'> & { readonly slack: SlackParts }

export interface OpenBy {
  readonly config: Config
  readonly log: Logger
  readonly metrics: Metrics
  readonly sandbox: SandboxParts | null
  readonly house: SlackOptions['house']
  /** Aborted when the start is told to stop. */
  readonly signal: AbortSignal
}

/**
 * Begins to hear Slack: the real one, or the local one of the sandbox.
 *
 * @throws StartFault when Slack refuses us and waiting cannot change that; the reason of `signal`
 */
export async function openSlack(parts: House, by: OpenBy): Promise<Slack> {
  const { slack } = parts
  const { others } = slack
  try {
    const beside: OtherWorkspace[] = []
    const named = others.map(({ team }) => team)
    const first = await openOne(parts, {
      ...by,
      ...(others.length > 0 && { elsewhere: elsewhere(named, beside) }),
      home: (identity) => (others.length > 0 ? { team: null, tenants: tenantsOf(identity) } : null),
      workspace: { ...slack, connect: slack.connectSlack },
    })
    for (const other of others) beside.push({ team: other.team, slack: await openOther(parts, other, by) })
    return togetherAs(first, beside)
  } catch (cause) {
    if (by.signal?.aborted) throw cause
    throw new StartFault({
      problem: `Slack did not accept us (${saysOf(cause)}).`,
      fix: [fixOf(cause), 'Run "countersign doctor" to see what is missing.'].filter(Boolean).join(' '),
      cause,
    })
  }
}

function openOther(parts: House, other: OtherWorkspaceParts, by: OpenBy): Promise<Slack> {
  const { team } = other
  return openOne(parts, {
    ...by,
    home: (identity) => ({ team, tenants: tenantsOf(identity) }),
    workspace: other,
    name: team,
  })
}

/** One workspace, and looking after it while it refuses us. */
async function openOne(
  parts: House,
  by: OpenBy & {
    readonly workspace: Pick<OtherWorkspaceParts, 'access' | 'clients' | 'reach' | 'connect'>
    readonly home: (identity: SlackIdentity) => Home | null
    readonly elsewhere?: Elsewhere
    /** Of one that is not the first. */
    readonly name?: string
  },
): Promise<Slack> {
  const { config, log, metrics, sandbox, house, signal, workspace, elsewhere: heardBy, name } = by
  const { ports, ages } = parts
  const { health } = parts.slack
  const { access, clients, reach } = workspace
  const later = async (command: PersonCommand) =>
    void (await ports.store.commit({ entries: [], jobs: [commandJob(command)] }))
  const mode = sandbox?.mode ?? modeOf(config)
  const connect = async () => {
    const { identity, directory } = await workspace.connect()
    const slack = createSlack({
      ...{ ports, log, access, clients, ages, health, reach, house, identity, directory, mode, later },
      home: by.home(identity),
      signedWith: metrics.slackSignedWith,
      ...(heardBy && { elsewhere: heardBy }),
    })
    await slack.start()
    return slack
  }
  const slack = await startSlack({ connect, health, log, signal, ...(name && { workspace: name }) })
  const stopProbing = reach.watch(() => clients.posts.auth.test())
  return { ...slack, stop: () => slack.stop().finally(stopProbing) }
}

function modeOf(config: Config): SlackMode {
  if (config.slack?.appToken) return { kind: 'socket', appToken: config.slack.appToken }
  const { signingSecret = null, previousSecret = null } = config.slack ?? {}
  if (signingSecret) return { kind: 'http', signingSecret, previousSecret }
  throw new Error('no way for Slack to reach us') // config refuses this
}
