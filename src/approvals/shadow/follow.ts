import { policyActivation } from '../../core/action.ts'
import { within } from '../../lifetime/limit.ts'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { Change } from '../change.ts'
import type { ActivePolicy } from '../policy/activePolicy.ts'
import type { Clock, StoreReader } from '../ports.ts'
import { type Judging, type JudgingOptions, judgeBeside } from './judging.ts'

/** A replica that judges by whatever shadow runs. */
export interface FollowedShadow {
  /** Hears what was committed. At once, and never throws. */
  hear(change: Change): void
  /** Looks now which one runs. @throws when the store does not answer, or not in time */
  look(): Promise<void>
  /** Ends it, when what was found is written. Never rejects. */
  stop(): Promise<void>
}

export interface FollowShadowOptions
  extends Omit<JudgingOptions, 'shadow' | 'base' | 'head' | 'nth' | 'store'> {
  readonly store: Pick<StoreReader, 'runningShadow' | 'policyFiles' | 'watch'> & JudgingOptions['store']
  readonly policy: Pick<ActivePolicy, 'files' | 'watch'>
  readonly clock: Clock
  /** Milliseconds after which it looks by itself, told or not. */
  readonly everyMs?: number
  /** Milliseconds that one look may take. */
  readonly limitMs?: number
}

const usual = { everyMs: 3_000, limitMs: 10_000 }

/**
 * Follows which shadow runs and which policy is active, and lets the one judge what the other has judged. It is told of both, and looks every few
 * seconds because being told is promised by nobody. Nothing waits for it: while it cannot look, it goes on as before.
 */
// biome-ignore lint/complexity/noExcessiveLinesPerFunction: what looks, hears and stops shares one small state
export function followShadow(options: FollowShadowOptions): FollowedShadow {
  const { store, policy, clock, log, everyMs, limitMs } = { ...usual, ...options }
  let judging: Judging | null = null
  let known = nothing
  let ended = false
  let timer: NodeJS.Timeout | undefined
  let batches = 0
  const nth = () => {
    batches += 1
    return batches
  }

  const look = oneAtATime(async () => {
    if (ended) return
    const wanted = await within(limitMs, 'reading which shadow runs', () => wantedNow(store, policy, clock))
    const name = wanted ? `${wanted.shadow.id} ${wanted.base.filesDigest}` : nothing
    if (ended || name === known) return
    const before = judging
    judging = null
    await before?.end()
    known = name
    if (wanted && !ended) judging = judgeBeside({ ...options, ...wanted, nth })
  })
  const lookCarefully = () =>
    look().catch((fault: unknown) => {
      if (!ended) log.warn({ err: fault }, 'could not read which shadow runs; trying again')
    })
  const unwatch = store.watch('shadow', () => void lookCarefully())
  policy.watch(() => void lookCarefully())
  const lookLater = () => {
    timer = setTimeout(() => void lookCarefully().then(() => ended || lookLater()), everyMs)
    timer.unref()
  }
  void lookCarefully()
  lookLater()
  return {
    hear(change) {
      if (!judging) return
      for (const put of [change.request, ...(change.members ?? [])]) {
        if (put?.expected !== null || put.next.action.action === policyActivation) continue
        const { id, action, agent, verdict } = put.next
        judging.offer({ id, action, agent: agent.name, facts: verdict.facts }, verdict.policy)
      }
    },
    look,
    async stop() {
      ended = true
      unwatch()
      clearTimeout(timer)
      await look().catch(() => undefined)
      await judging?.end()
    },
  }
}

const nothing = ''

/** What is to judge here, beside what; null where nothing is. */
async function wantedNow(
  store: FollowShadowOptions['store'],
  policy: FollowShadowOptions['policy'],
  clock: Clock,
) {
  const active = policy.files()
  const shadow = await store.runningShadow()
  if (!shadow || active === null || clock().toISOString() >= shadow.endsAt) return null
  const [base, head] = await Promise.all([store.policyFiles(active), store.policyFiles(shadow.filesDigest)])
  return base && head ? { shadow, base, head } : null
}
