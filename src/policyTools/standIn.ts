import type { StandIn } from '../core/identity.ts'

/** The id of an agent that is only named. */
export const someAgent = `agt_${'0'.repeat(26)}`

/** Whoever a bundle or its tests name, as somebody who can be compared: there, nobody turns out to be somebody else. */
export function standIn(name: string): StandIn {
  return name as StandIn // a name in a file is all there is
}
