import type { Hearing } from '../channels/hearing.ts'
import type { TeamsChannel } from './outbound/channel.ts'

/** What every handler works with. */
export interface TeamsContext extends Hearing {
  /** The tenant whose people are ours. */
  readonly tenant: string
  /** Tells one person something by themselves. */
  readonly aside: TeamsChannel['aside']
  /** Counts one list, or another answer, that a person wants to see. @throws Refusal `looked_often` */
  readonly countLook: (address: string) => void
  /** Takes what goes on after a delivery was answered, so that a stop waits for it. */
  readonly follow: (work: Promise<unknown>) => void
  /** False when this message was answered by this process before. */
  readonly firstTime: (activity: string) => boolean
}
