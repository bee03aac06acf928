/** The Events API: each event is tried again up to three times until the app takes it. */
import type { Workspace } from '../workspace.ts'
import type { Ack } from './courier.ts'
import type { Outbox } from './outbox.ts'

/** At once, after a minute, after five (facts: Events API). */
export const slackRetryDelaysMs: readonly number[] = [0, 60_000, 300_000]

/** An event with Slack's own fields, `type` first of all. */
type SlackEvent = Readonly<Record<string, unknown>> & { readonly type: string }

export interface Events {
  /** Sends the event if the app subscribes to it; retries go on by themselves. */
  emit(event: SlackEvent): void
  /** Drops the retries that are still to come. */
  close(): void
}

export function createEvents(workspace: Workspace, outbox: Outbox, retryDelaysMs: readonly number[]): Events {
  const timers = new Set<NodeJS.Timeout>()
  let closed = false

  async function attempt(
    payload: Readonly<Record<string, unknown>>,
    number: number,
    reason: string,
  ): Promise<void> {
    const retry = number === 0 ? {} : { retry: { number, reason } }
    const ack = await outbox.send({ kind: 'events_api', payload, ...retry })
    const delay = retryDelaysMs[number]
    if (closed || delay === undefined || isTaken(ack)) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      void attempt(payload, number + 1, reasonFor(ack))
    }, delay)
    timer.unref()
    timers.add(timer)
  }

  return {
    emit(event) {
      const name = event.type === 'message' ? `message.${String(event.channel_type)}` : event.type
      if (!workspace.app.events.includes(name)) return
      void attempt(callback(workspace, event), 0, '')
    },
    close() {
      closed = true
      for (const timer of timers) clearTimeout(timer)
    },
  }
}

function callback(workspace: Workspace, event: SlackEvent): Record<string, unknown> {
  const { team, app } = workspace
  const isWide = team.organisationWide === true
  const enterpriseId = isWide ? (team.enterprise?.id ?? null) : null
  return {
    token: 'verification-token-is-not-used',
    team_id: team.id,
    ...(isWide && { enterprise_id: enterpriseId }),
    context_team_id: isWide ? null : team.id,
    context_enterprise_id: enterpriseId,
    api_app_id: app.id,
    event,
    type: 'event_callback',
    event_id: workspace.nextId('Ev'),
    event_time: Math.floor(workspace.now() / 1000),
    authorizations: [
      {
        enterprise_id: enterpriseId,
        team_id: isWide ? null : team.id,
        user_id: app.botUserId,
        is_bot: true,
        is_enterprise_install: isWide,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${event.type}`,
  }
}

function isTaken(ack: Ack): boolean {
  return ack.kind === 'acked' || (ack.kind === 'status' && ack.noRetry)
}

function reasonFor(ack: Ack): string {
  if (ack.kind === 'timeout') return 'http_timeout'
  return ack.kind === 'status' ? 'http_error' : 'connection_failed'
}
