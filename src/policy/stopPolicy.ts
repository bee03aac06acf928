import type { StopCause } from '../core/stop.ts'
import type { StopPolicy } from './bundle.ts'
import type { StopShape } from './format/stopSchema.ts'

/** What is left out is nobody and nothing. */
export function stopPolicyOf(shape: StopShape | undefined): StopPolicy {
  return { who: shape?.who ?? [], on: shape?.on ?? [] }
}

/** Whether an agent that did this is stopped by itself. */
export function stopsByItself({ stop }: { readonly stop: StopPolicy }, why: StopCause): boolean {
  return stop.on.includes(why)
}
