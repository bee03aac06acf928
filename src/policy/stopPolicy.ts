import type { StopCause } from '../core/stop.ts'
import type { StopPolicy } from './bundle.ts'
import { type Directory, nameFaults } from './demand.ts'
import type { StopShape } from './format/stopSchema.ts'
import type { Fault } from './problem.ts'

/** What is left out is nobody and nothing. */
export function stopPolicyOf(shape: StopShape | undefined): StopPolicy {
  return { who: shape?.who ?? [], on: shape?.on ?? [] }
}

/** Names that lead nowhere. */
export function stopNames(shape: StopShape | undefined, directory: Directory): readonly Fault[] {
  return (shape?.who ?? []).flatMap((name, index) => nameFaults(name, directory, ['stop', 'who', index]))
}

/** Whether an agent that did this is stopped by itself. */
export function stopsByItself({ stop }: { readonly stop: StopPolicy }, why: StopCause): boolean {
  return stop.on.includes(why)
}
