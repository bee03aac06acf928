import type { Logger } from 'pino'
import { commandJob } from '../approvals/job.ts'
import type { PersonCommand } from '../approvals/personCommand.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { createSlack, type Slack, type SlackMode, type SlackOptions } from '../slack/app.ts'
import { fixOf, saysOf, startSlack } from '../slack/startSlack.ts'
import type { Parts } from './compose.ts'
import type { SandboxParts } from './composeSandbox.ts'
import type { Config } from './config.ts'
import { StartFault } from './startFault.ts'

/**
 * Begins to hear Slack: the real one, or the local one of the sandbox.
 *
 * @throws StartFault when Slack refuses us and waiting cannot change that; the reason of `signal`
 */
export async function openSlack(
  parts: Parts,
  by: {
    readonly config: Config
    readonly log: Logger
    readonly metrics: Metrics
    readonly sandbox: SandboxParts | null
    readonly house: SlackOptions['house']
    /** Aborted when the start is told to stop. */
    readonly signal: AbortSignal
  },
): Promise<Slack> {
  const { config, log, metrics, sandbox, house, signal } = by
  const { ports, access, clients, ages, health, reach } = parts
  const later = async (command: PersonCommand) =>
    void (await ports.store.commit({ entries: [], jobs: [commandJob(command)] }))
  const mode = sandbox?.mode ?? modeOf(config)
  const connect = async () => {
    const { identity, directory } = await parts.connectSlack()
    const shared = {
      ...{ ports, log, access, clients, ages, health, reach, house },
      signedWith: metrics.slackSignedWith,
    }
    const slack = createSlack({ ...shared, identity, directory, mode, later })
    await slack.start()
    return slack
  }
  try {
    const slack = await startSlack({ connect, health, log, signal })
    const stopProbing = reach.watch(() => clients.posts.auth.test())
    return { ...slack, stop: () => slack.stop().finally(stopProbing) }
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new StartFault({
      problem: `Slack did not accept us (${saysOf(cause)}).`,
      fix: [fixOf(cause), 'Run "countersign doctor" to see what is missing.'].filter(Boolean).join(' '),
      cause,
    })
  }
}

function modeOf(config: Config): SlackMode {
  if (config.slack?.appToken) return { kind: 'socket', appToken: config.slack.appToken }
  const { signingSecret = null, previousSecret = null } = config.slack ?? {}
  if (signingSecret) return { kind: 'http', signingSecret, previousSecret }
  throw new Error('no way for Slack to reach us') // config refuses this
}
