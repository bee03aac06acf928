import { Refusal } from '../../core/refusal.ts'
import { TargetFault } from './issuer.ts'

/** `target_unavailable`, with the seconds after which the target wants to be asked again, where it has said so. */
export class TargetUnavailable extends Refusal {
  readonly retryAfterSeconds: number

  constructor(detail: string, retryAfterSeconds: number) {
    super('target_unavailable', detail)
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** What a target did not do, as a refusal. `said`: for our log, and nothing of what the target sent. */
export function unavailable(target: string, fault: unknown, said: string): Refusal {
  const seconds = fault instanceof TargetFault ? fault.retryAfterSeconds : null
  const detail = `${target}: ${said}`
  return seconds === null ? new Refusal('target_unavailable', detail) : new TargetUnavailable(detail, seconds)
}
