import type { ServerResponse } from 'node:http'
import { hostname } from 'node:os'
import { type Heartbeat, startHeartbeat } from '../approvals/policy/heartbeat.ts'
import type { Condition } from '../core/health.ts'
import type { Mount } from '../http/mounts.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { sandboxRoot } from '../sandbox/wire.ts'
import type { Slack } from '../slack/app.ts'
import type { Teams } from '../teams/app.ts'
import type { Parts } from './compose.ts'
import type { SandboxParts } from './composeSandbox.ts'

/** What answers before the channels are connected, and what is wrong with us. */
export class FrontDoor {
  slack: Slack | null = null
  teams: Teams | null = null
  /** True once the job workers are there as well. */
  atWork = false
  readonly heart: Heartbeat
  /** As which this process stands among the replicas. */
  readonly replica: string
  /** For people: host and process id. */
  readonly name: string
  private readonly health: Parts['health']
  private readonly expected: { readonly slack: boolean; readonly teams: boolean }

  constructor({ ports, health, policy, slack, teams }: Parts) {
    this.health = health
    this.expected = { slack: slack !== null, teams: teams !== null }
    this.replica = ports.ids.next('rep')
    this.name = `${hostname()} (process ${process.pid})`
    this.heart = startHeartbeat({
      store: ports.store,
      health,
      replica: { id: this.replica, name: this.name },
      policy: policy.files,
      deaf: policy.renew,
    })
    policy.watch(() => void this.heart.beat())
  }

  /** The channel that is waited for. */
  private get missing(): string | null {
    if (this.expected.slack && !this.slack) return 'Slack'
    return this.expected.teams && !this.teams ? 'Teams' : null
  }

  /** Within two seconds: the proof that we can write is at most a second old, and asked for when it is older. */
  async conditions(): Promise<readonly Condition[]> {
    if (this.atWork) this.health.clear('starting')
    else
      this.health.raise(
        'starting',
        this.missing ? `${this.missing} is not connected yet.` : 'The job workers are not at work yet.',
      )
    await this.heart.prove()
    return this.health.now()
  }
}

/** What answers beside the API: what the channels deliver, and in the sandbox its page. A channel that we are not in has no address here. */
export function mountsOf(
  front: FrontDoor,
  {
    parts,
    sandbox,
    metrics,
  }: {
    readonly parts: Pick<Parts, 'slack' | 'teams'>
    readonly sandbox: SandboxParts | null
    readonly metrics: Pick<Metrics, 'teamsDelivered'>
  },
): readonly Mount[] {
  const slack: Mount = { prefix: '/slack/events', handle: handedTo(() => front.slack) }
  const toTeams = handedTo(() => front.teams)
  const teams: Mount = {
    prefix: '/api/messages',
    handle: (request, response) => {
      response.once('close', () => metrics.teamsDelivered(outcomeOf(response)))
      toTeams(request, response)
    },
  }
  const home: Mount = {
    prefix: '/',
    handle: (_, response) => void response.writeHead(302, { location: sandboxRoot }).end(),
  }
  return [
    ...(parts.slack ? [slack] : []),
    ...(parts.teams ? [teams] : []),
    ...(sandbox ? [home, { prefix: sandboxRoot, handle: sandbox.handle }] : []),
  ]
}

/** Whoever delivers before the channel is there is told to come again. */
function handedTo(channel: () => Pick<Slack, 'handle'> | null): Mount['handle'] {
  return (request, response) => {
    const there = channel()
    if (there) return void there.handle(request, response)
    response.writeHead(503, { 'retry-after': '2' }).end()
  }
}

/** Whether a delivery was believed, as its answer says. */
function outcomeOf({ statusCode, writableFinished }: ServerResponse): 'taken' | 'refused' | 'failed' {
  if (statusCode === 401 || statusCode === 403) return 'refused'
  return writableFinished && statusCode < 300 ? 'taken' : 'failed'
}
