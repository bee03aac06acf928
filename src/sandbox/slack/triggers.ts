/** What Slack hands out with an interaction: a trigger to open a modal, and an address to answer at. */
import { randomBytes } from 'node:crypto'
import { SlackError } from './slackError.ts'

const triggerMs = 3_000
const responseUrlMs = 30 * 60_000
const responseUrlUses = 5
/** How long used and expired ones are remembered, so that they can be told from invented ones. */
const rememberMs = 2 * responseUrlMs

/** Where a response_url points: the conversation and, when it came from a message, that message. */
export interface ResponseTarget {
  readonly conversation: string
  readonly user: string
  readonly messageTs: string | null
  readonly ephemeral: boolean
  readonly threadTs: string | null
}

export interface Triggers {
  /** A trigger for `member`, good for three seconds and one use. */
  issue(member: string): string
  /** Whose trigger it is, not yet spent. Throws `invalid_trigger_id`, `expired_trigger_id`, `exchanged_trigger_id`. */
  ownerOf(triggerId: string): string
  /** The trigger has opened its view: it is good for nothing any more. A refused view does not spend it. */
  spend(triggerId: string): void
  /** The id of a new response_url, good for five uses in thirty minutes. */
  issueResponse(target: ResponseTarget): string
  /** Where this use of a response_url goes. Throws `expired_url`, `used_url`, `no_such_url`. */
  useResponse(id: string): ResponseTarget
}

/** Triggers and response addresses of one workspace; `now` is in milliseconds. */
export function createTriggers(now: () => number): Triggers {
  const triggers = new Map<string, { member: string; issuedAt: number; used: boolean }>()
  const responses = new Map<string, { target: ResponseTarget; issuedAt: number; uses: number }>()
  return {
    issue(member) {
      forgetOlder(triggers, now() - rememberMs)
      const id = `${now()}.${randomBytes(4).readUInt32BE()}.${randomBytes(16).toString('hex')}`
      triggers.set(id, { member, issuedAt: now(), used: false })
      return id
    },
    ownerOf(triggerId) {
      const trigger = triggers.get(triggerId)
      if (trigger === undefined) throw new SlackError('invalid_trigger_id')
      if (trigger.used) throw new SlackError('exchanged_trigger_id')
      if (now() - trigger.issuedAt > triggerMs) throw new SlackError('expired_trigger_id')
      return trigger.member
    },
    spend(triggerId) {
      const trigger = triggers.get(triggerId)
      if (trigger !== undefined) triggers.set(triggerId, { ...trigger, used: true })
    },
    issueResponse(target) {
      forgetOlder(responses, now() - rememberMs)
      const id = randomBytes(18).toString('base64url')
      responses.set(id, { target, issuedAt: now(), uses: 0 })
      return id
    },
    useResponse(id) {
      const response = responses.get(id)
      if (response === undefined) throw new SlackError('no_such_url')
      if (now() - response.issuedAt > responseUrlMs) throw new SlackError('expired_url')
      if (response.uses >= responseUrlUses) throw new SlackError('used_url')
      responses.set(id, { ...response, uses: response.uses + 1 })
      return response.target
    },
  }
}

function forgetOlder(all: Map<string, { readonly issuedAt: number }>, before: number): void {
  // Oldest first, as they were issued: the first young one ends it.
  for (const [id, { issuedAt }] of all) {
    if (issuedAt >= before) return
    all.delete(id)
  }
}
