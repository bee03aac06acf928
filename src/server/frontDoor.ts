import { hostname } from 'node:os'
import { type Heartbeat, startHeartbeat } from '../approvals/policy/heartbeat.ts'
import type { Condition } from '../core/health.ts'
import type { Mount } from '../http/mounts.ts'
import { sandboxRoot } from '../sandbox/wire.ts'
import type { Slack } from '../slack/app.ts'
import type { Parts } from './compose.ts'
import type { SandboxParts } from './composeSandbox.ts'

/** What answers before Slack is connected, and what is wrong with us. */
export class FrontDoor {
  slack: Slack | null = null
  /** True once the job workers are there as well. */
  atWork = false
  readonly heart: Heartbeat
  /** As which this process stands among the replicas. */
  readonly replica: string
  /** For people: host and process id. */
  readonly name: string
  private readonly health: Parts['health']

  constructor({ ports, health, policy }: Parts) {
    this.health = health
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

  /** Within two seconds: the proof that we can write is at most a second old, and asked for when it is older. */
  async conditions(): Promise<readonly Condition[]> {
    if (this.atWork) this.health.clear('starting')
    else
      this.health.raise(
        'starting',
        this.slack ? 'The job workers are not at work yet.' : 'Slack is not connected yet.',
      )
    await this.heart.prove()
    return this.health.now()
  }
}

/** What answers beside the API: Slack's deliveries, and in the sandbox its page. */
export function mountsOf(front: FrontDoor, sandbox: SandboxParts | null): readonly Mount[] {
  const events: Mount = {
    prefix: '/slack/events',
    handle: (request, response) => {
      if (front.slack) return void front.slack.handle(request, response)
      response.writeHead(503, { 'retry-after': '2' }).end()
    },
  }
  if (!sandbox) return [events]
  const home: Mount = {
    prefix: '/',
    handle: (_, response) => void response.writeHead(302, { location: sandboxRoot }).end(),
  }
  return [events, home, { prefix: sandboxRoot, handle: sandbox.handle }]
}
