import type { Logger } from 'pino'
import type { Store } from '../approvals/ports.ts'
import { type FollowedShadow, followShadow } from '../approvals/shadow/follow.ts'
import type { Metrics } from '../metrics/metrics.ts'
import { shadowThread } from '../shadow/thread.ts'
import type { Parts } from './compose.ts'
import type { FrontDoor } from './frontDoor.ts'

/** What judges beside the active policy in this process. */
export interface Shadowing {
  /** The store, of whose commits it hears: after whoever committed has the answer on its way. */
  heard(store: Store): Store
  /** From now on a shadow that runs judges here. */
  begin(parts: Pick<Parts, 'ports' | 'policy' | 'health'>, by: Beginning): void
  /** What was found is written first. Never rejects. */
  stop(): Promise<void>
}

interface Beginning {
  readonly front: Pick<FrontDoor, 'replica' | 'name'>
  readonly metrics: Pick<Metrics, 'shadowJudged'>
  readonly log: Logger
  /** Where the program of its thread stands; beside this file where nothing is said. */
  readonly program?: URL | undefined
}

/** It hears from the beginning, and has something to do once it is begun. */
export function createShadowing(): Shadowing {
  let followed: FollowedShadow | null = null
  return {
    heard: (store) => ({
      ...store,
      async commit(change) {
        const committed = await store.commit(change)
        if (committed === 'applied') followed?.hear(change)
        return committed
      },
    }),
    begin({ ports, policy, health }, { front, metrics, log, program = compiled }) {
      followed = followShadow({
        store: ports.store,
        clock: ports.clock,
        policy,
        health,
        log,
        start: shadowThread(program),
        replica: { id: front.replica, name: front.name },
        counted: metrics.shadowJudged,
      })
    },
    stop: async () => followed?.stop(),
  }
}

const compiled = new URL('./shadowProgram.js', import.meta.url)
