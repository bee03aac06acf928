import type { WebClient } from '@slack/web-api'
import type { HouseNow } from '../approvals/houseNow.ts'
import type { Hearing } from '../channels/hearing.ts'
import type { SlackIdentity } from './identity.ts'
import type { SlackChannel } from './outbound/channel.ts'

/** Homes that people have opened: each is published at once, and again when something of its person's changes. */
export interface Homes {
  /** Its person opened it, or did something in it. Never rejects. */
  opened(user: string): Promise<void>
  /** Slack said that something about them changed. */
  forgetUser(...users: readonly string[]): void
}

/** What every handler works with. */
export interface SlackContext extends Hearing {
  readonly identity: SlackIdentity
  /** The workspace, as addresses name it; null for the first one. */
  readonly team: string | null
  /** What something in this workspace is called from outside: `slack:C0DATA`, in another than the first `slack:T0EMEA/C0DATA`. */
  readonly address: (id: string) => string
  /** For answering clicks: nothing that posts cards can hold it up. */
  readonly clicks: WebClient
  readonly channel: SlackChannel
  /** False when this event was answered by this process before. */
  readonly firstTime: (eventId: string) => boolean
  /** Counts one list that a person wants to see. @throws Refusal `looked_often` */
  readonly countLook: (user: string) => void
  readonly homes: Homes
  /** How the server is, for those who may know. Never rejects. */
  readonly house: () => Promise<HouseNow>
}
