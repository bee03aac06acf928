import type { AgeClock } from '../../lifetime/ageClock.ts'
import { resultWithin } from '../../lifetime/limit.ts'
import { oneAtATime } from '../../lifetime/oneAtATime.ts'
import type { Homes, SlackContext } from '../context.ts'
import { concernedOf, createNews } from './homeNews.ts'
import { keepOwnHomes } from './ownHomes.ts'
import { type KeptHome, openedHome, type Publishing, publishHome } from './publishHome.ts'
import { steadyDirectory } from './steadyDirectory.ts'

/** Milliseconds: a Home that was opened within them is kept true. */
const keptFor = 3_600_000

/** Milliseconds after which a Home is made again although nothing was heard, and published if it is another. */
const lookAgain = 600_000

/** As many Homes are kept true by one process; those that were opened longest ago go first. */
const mostKept = 1_000

/** So many are made and published at a time: one that hangs takes one place for as long as a call may take. */
const atOnce = 4

/** Milliseconds. */
const lastWait = 2_000

/** After so many looks it is said again which Homes are kept here. */
const looksBetween = 20

/** Homes that are kept true, until the end. */
export interface KeptHomes extends Homes {
  /** Ends it. What is on its way is waited for, not for long: a Home that does not arrive stands as it was. */
  stop(): Promise<void>
}

interface Kept {
  readonly home: KeptHome
  /** Whoever asks gets one that began after asking. */
  readonly publish: () => Promise<void>
  running: boolean
}

/**
 * Keeps true the Homes that were opened within the hour: each commit, of whatever replica, is heard, and those whom it concerns
 * get theirs again, at most once in ten seconds each. Slack tells one replica of an opening, and that one publishes until
 * the hour is over, Slack tells another of the next one, or this one falls silent and another takes it (`ownHomes.ts`). When something
 * may have been missed, all are made again.
 */
export function keepHomes(
  slack: SlackContext,
  { ages, everyMs = 1_000 }: { readonly ages: AgeClock; readonly everyMs?: number | undefined },
): KeptHomes {
  const { ports } = slack
  const now = ages.elapsed
  const steady = { ...ports, directory: steadyDirectory(ports.directory, ages) }
  const kept = new Map<string, Kept>()
  const news = createNews()
  const runs = new Set<Promise<void>>()

  const run = runner(runs)
  let ended = false
  const own = keepOwnHomes(slack, {
    everyMs: everyMs * looksBetween,
    kept,
    take: (user, secondsAgo) => take(kept, user, { slack, steady, now, secondsAgo }),
  })
  const look = oneAtATime(async () => {
    if (ended) return
    for (const [user, { home }] of kept) if (now() - home.openedAt > keptFor) kept.delete(user)
    if (kept.size === 0) return news.forget()
    const homes = [...kept.values()].map(({ home }) => home)
    for (const home of await concernedOf({ slack, steady, news }, homes)) home.dirty = true
    const due = [...kept.values()].filter(({ home, running }) => !running && isDue(home, now()))
    due.sort((one, other) => one.home.notBefore - other.home.notBefore)
    for (const one of due.slice(0, Math.max(0, atOnce - runs.size))) void run(one)
  })
  const unwatch = ports.store.watchEvery(news.heard)
  const timer = setInterval(() => void look(), everyMs)
  timer.unref()
  return {
    async opened(user) {
      void own.opened(user)
      await run(keep(kept, user, { slack, steady, now }))
    },
    forgetUser(...users) {
      for (const user of users) {
        const home = kept.get(user)?.home
        if (home) home.account = null
      }
    },
    async stop() {
      clearInterval(timer)
      unwatch()
      ended = true
      await look()
      await own.stop()
      await resultWithin(Promise.all(runs), lastWait)
    },
  }
}

function runner(runs: Set<Promise<void>>): (one: Kept) => Promise<void> {
  return (one) => {
    one.running = true
    const running = one.publish().finally(() => {
      one.running = false
      runs.delete(running)
    })
    runs.add(running)
    return running
  }
}

/** One that another replica kept until now: what stands there is not known, so it is made again. */
function take(
  kept: Map<string, Kept>,
  user: string,
  { secondsAgo, ...by }: Publishing & { readonly secondsAgo: number },
): void {
  const one = newlyKept(user, by)
  one.home.openedAt = by.now() - secondsAgo * 1_000
  one.home.byHand = false
  kept.set(user, one)
}

/** The one that is kept, or a new one; whoever opened theirs longest ago makes room. */
function keep(kept: Map<string, Kept>, user: string, by: Publishing): Kept {
  const one = kept.get(user) ?? newlyKept(user, by)
  one.home.openedAt = by.now()
  one.home.byHand = true
  kept.delete(user)
  kept.set(user, one)
  const [oldest] = kept.keys()
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
  return one
}

function newlyKept(user: string, by: Publishing): Kept {
  const home = openedHome(user, by.now())
  return { home, publish: oneAtATime(() => publishHome(by, home)), running: false }
}

function isDue(home: KeptHome, now: number): boolean {
  return now >= home.notBefore && (home.dirty || now - home.madeAt > lookAgain)
}
