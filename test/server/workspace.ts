import { randomBytes } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { addAgent } from '../../src/approvals/people/agents.ts'
import { activatePolicy } from '../../src/approvals/policy/activatePolicy.ts'
import { loadBundle } from '../../src/policy/load.ts'
import { acme, sandboxScopes } from '../../src/sandbox/seed.ts'
import { createLocalSlack, type LocalSlack } from '../../src/sandbox/slack/server.ts'
import type { Rotation } from '../../src/sandbox/slack/tokens.ts'
import type { Seed } from '../../src/sandbox/slack/workspace.ts'
import { withParts } from '../../src/server/compose.ts'
import type { Config } from '../../src/server/config.ts'
import { readBundleDirectory } from '../../src/store/bundleDirectory.ts'
import { patience } from '../support/eventually.ts'

/** A Slack workspace somewhere else, and the environment of a server that is connected to it. */
export interface Workspace {
  readonly slack: LocalSlack
  readonly botToken: string
  readonly environment: Readonly<Record<string, string>>
  /** Slack's deliveries go to this server from now on. */
  deliverTo(url: string): void
}

/** Slack without its pace of posting, which would only make the tests wait. */
export async function openWorkspace(
  seed: Seed = acme,
  options: { readonly rotation?: Rotation; readonly now?: () => number } = {},
): Promise<Workspace> {
  const signingSecret = randomBytes(16).toString('hex')
  const { rotation } = options
  const botToken = `${rotation ? 'xoxe.' : ''}xoxb-${randomBytes(8).toString('hex')}`
  const slack = createLocalSlack({
    origin: '',
    delivery: { mode: 'http', url: 'http://127.0.0.1:1/', signingSecret },
    botToken,
    appToken: 'xapp-unused',
    scopes: sandboxScopes,
    seed,
    now: options.now ?? slowClock(),
    ...(options.rotation && { rotation: options.rotation }),
    ackMs: patience,
    retryDelaysMs: [],
    rateLimits: 'none',
  })
  await slack.listen()
  onTestFinished(() => slack.close())
  return {
    slack,
    botToken,
    environment: {
      ...(rotation
        ? { SLACK_CLIENT_ID: rotation.clientId, SLACK_CLIENT_SECRET: rotation.clientSecret }
        : { SLACK_BOT_TOKEN: botToken }),
      SLACK_SIGNING_SECRET: signingSecret,
      SLACK_API_URL: slack.apiUrl,
    },
    deliverTo: (url) => slack.deliverTo({ mode: 'http', url: `${url}/slack/events`, signingSecret }),
  }
}

/** Activates what stands in a directory, as another process beside the servers, without asking anybody. */
export async function activateFrom(policyDir: string, config: Config): Promise<void> {
  const files = readBundleDirectory(policyDir)
  const loaded = loadBundle(files)
  if (!loaded.ok) throw new Error('the bundle of the test does not load')
  const { bundle } = loaded
  await withParts(config, ({ ports }) =>
    activatePolicy(ports, { bundle, files: Object.fromEntries(files), by: 'test', via: 'test' }),
  )
}

/** A tenth of the usual pace: a window's trigger, which lives for three seconds, waits for a busy machine. */
function slowClock(): () => number {
  const opened = Date.now()
  return () => opened + (Date.now() - opened) / 10
}

/** Registers an agent of Lee's beside a running server, as if Lee had confirmed it. Resolves to its credential. */
export function registerAgent(config: Config, name: string): Promise<string> {
  const owner = { email: 'lee@acme.test' }
  return withParts(config, async ({ ports }) => {
    const { credential } = await addAgent(
      { ...ports, confirms: false },
      { name, owner, by: owner, via: 'cli' },
    )
    return credential
  })
}
