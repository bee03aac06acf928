import { setTimeout as delay } from 'node:timers/promises'
import { removeMessage } from '../../../src/sandbox/slack/messages.ts'
import type { Trouble } from '../evidence.ts'
import { inTurn } from '../inTurn.ts'
import { buttonsIn } from '../load/workspace.ts'
import type { Random } from '../random.ts'
import { count, type Tally } from '../tally.ts'
import type { Company } from '../world/company.ts'
import type { Database } from '../world/database.ts'
import { remindSeconds } from '../world/policy.ts'
import type { Replica } from '../world/replica.ts'
import type { Strike, StrikeKind } from './plan.ts'

export interface Stage {
  readonly company: Company
  readonly database: Database
  readonly replicas: readonly [Replica, Replica]
  readonly random: Random
  readonly tally: Tally
  readonly stopping: AbortSignal
  readonly say: (text: string) => void
}

/** Strikes as the plan says, until the load is over; resolves when everything stands again, with what was broken when. */
export async function strikeBy(
  plan: readonly Strike[],
  stage: Stage,
  load: { readonly since: number; readonly until: number },
): Promise<readonly Trouble[]> {
  const trouble: Trouble[] = []
  const lasting: Promise<void>[] = []
  const oneAtATime = inTurn()
  for (const strike of plan) {
    await delay(Math.max(0, load.since + strike.at - Date.now()), undefined, {
      signal: stage.stopping,
    }).catch(() => {})
    if (stage.stopping.aborted) break
    const work = async () => {
      const from = Date.now()
      if (from > load.until) return // it had to wait for another, and the load is over
      const done = await acts[strike.kind](stage, strike)
      if (!done) return
      count(stage.tally, `broken: ${strike.kind}`)
      stage.say(`${strike.kind}${done === true ? '' : `: ${done}`}`)
      trouble.push({ what: about[strike.kind], kind: strike.kind, from, to: Date.now() })
    }
    // One thing is broken in one way at a time; different things at once, as it comes.
    const what = about[strike.kind]
    lasting.push(oneAtATime(what === 'server' ? `${what} ${strike.replica}` : what, work))
  }
  await Promise.all(lasting)
  return trouble
}

const about: Readonly<Record<StrikeKind, Trouble['what']>> = {
  kill: 'server',
  stop: 'server',
  'database fast': 'database',
  'database immediate': 'database',
  'read-only': 'database',
  'card deleted': 'channel',
  'channel archived': 'channel',
  'slack away': 'slack',
}

/** Each resolves when it is over, to what it hit; false when there was nothing to hit. */
const acts: Readonly<Record<StrikeKind, (stage: Stage, strike: Strike) => Promise<string | boolean>>> = {
  kill: (stage, strike) => again(stage, strike, 'SIGKILL'),
  stop: (stage, strike) => again(stage, strike, 'SIGTERM'),
  'database fast': async ({ database }) => {
    await database.restart('fast')
    return true
  },
  'database immediate': async ({ database }) => {
    await database.restart('immediate')
    return true
  },
  'read-only': async ({ database, stopping }, { forMs }) => {
    await database.forbidWriting()
    await delay(forMs, undefined, { signal: stopping }).catch(() => {})
    await database.allowWriting()
    return true
  },
  'card deleted': async (stage) => deleteCard(stage),
  'channel archived': async ({ company, random, stopping }, { forMs }) => {
    const { workspace } = company.slack
    const id = random.pick(['C0DATA', 'C0SECURITY', 'C0DEPLOYS', 'C0APPROVALS'])
    const archived = (is: boolean) => {
      const channel = workspace.conversations.get(id)
      if (channel) workspace.conversations.set(id, { ...channel, archived: is })
    }
    archived(true)
    await delay(forMs, undefined, { signal: stopping }).catch(() => {})
    archived(false)
    return id
  },
  'slack away': async ({ company, stopping }, { forMs }) => {
    company.weather('away')
    await delay(forMs, undefined, { signal: stopping }).catch(() => {})
    company.weather('bad')
    return true
  },
}

async function again(
  { replicas }: Stage,
  { replica, forMs }: Strike,
  signal: 'SIGKILL' | 'SIGTERM',
): Promise<string> {
  const hit = replicas[replica] ?? replicas[0]
  await hit.again(signal, forMs)
  return hit.name
}

/**
 * Only one that a reminder will still look after, because nothing else finds out that a card is gone; counted from when the
 * request was made, which may be long before its card stood there.
 */
async function deleteCard({ company, database, random }: Stage): Promise<string | false> {
  const last = remindSeconds.at(-1) ?? 0
  const remindedLater = await database
    .rows<{ id: string }>(
      `SELECT id FROM action_requests WHERE state = 'pending' AND action ->> 'action' <> 'soak.flash'
        AND created_at > now() - make_interval(secs => $1)`,
      [last - 10],
    )
    .catch(() => []) // the database is away
  const { workspace } = company.slack
  const [card] = random.shuffled(
    [...workspace.messages.values()].flat().filter((one) => {
      const request = buttonsIn(one).find(({ action }) => action === 'deny')?.request
      return one.threadTs === null && !one.deleted && remindedLater.some(({ id }) => id === request)
    }),
  )
  if (!card) return false
  removeMessage(workspace, card)
  return `${buttonsIn(card)[0]?.request} in ${card.channel}`
}
