import { pino } from 'pino'
import { type Channel, ChannelFault } from '../../src/approvals/channelPort.ts'
import { type Job, jobKey } from '../../src/approvals/job.ts'
import type { Card } from '../../src/approvals/records.ts'
import { tasksFor } from '../../src/jobs/tasks.ts'
import type { Entry } from '../../src/ledger/entry.ts'
import { firstAttempt } from '../support/firstAttempt.ts'
import { type MemoryStore, memoryStore } from '../support/memoryStore.ts'
import { testWorld, type World } from '../support/world.ts'

/** A conversation's messages, as people would see them. */
interface Wall extends Channel {
  /** Every card message that was ever posted, in order. */
  readonly posts: readonly {
    readonly card: string
    readonly message: string
    readonly conversation: string
  }[]
  /** Every line in a thread: `card entry`. */
  readonly told: readonly string[]
  readonly reminders: readonly string[]
  /** What was sounded: why, which request, where. */
  readonly alarms: readonly string[]
  /** What people were told of what they did while it was queued. */
  readonly answers: readonly string[]
  /** Questions that were put, and to whom. */
  readonly questions: readonly string[]
  /** What was told directly of requests, and to whom. */
  readonly news: readonly string[]
  /** By message: the version of the request that it shows. */
  readonly shows: ReadonlyMap<string, number>
  /** Somebody deletes a message. */
  remove(message: string): void
}

function wall(): Wall {
  const posts: { card: string; message: string; conversation: string }[] = []
  const told: string[] = []
  const reminders: string[] = []
  const alarms: string[] = []
  const answers: string[] = []
  const questions: string[] = []
  const news: string[] = []
  let asked = 0
  const shows = new Map<string, number>()
  const standing = (card: Card) => {
    if (card.message !== null && shows.has(card.message)) return card.message
    throw new ChannelFault({ code: 'message_not_found', message: 'deleted', unknown: false, gone: true })
  }
  return {
    posts,
    told,
    reminders,
    alarms,
    answers,
    questions,
    news,
    shows,
    remove: (message) => shows.delete(message),
    async post(card, view) {
      const message = `ts-${posts.length + 1}`
      posts.push({ card: card.id, message, conversation: card.conversation })
      shows.set(message, view.request.version)
      return message
    },
    // As another process would answer: the one that posted may be dead.
    postedAt: async () => null,
    async update(card, view) {
      shows.set(standing(card), view.request.version)
    },
    // A copy of a card shows no version any more.
    async disown({ message }) {
      shows.delete(message)
    },
    async mayTell() {},
    async tell(card: Card, _view, entries: readonly Entry[]) {
      standing(card)
      for (const entry of entries) told.push(`${card.id} ${entry.id}`)
    },
    async remind(card) {
      reminders.push(standing(card))
    },
    async alarm(address, view, { why }) {
      alarms.push(`${why} ${view.request.id} ${address}`)
    },
    async answer(account, view, { verb, refused }) {
      answers.push(`${verb} ${refused?.code ?? 'done'} ${view.request.id} ${account}`)
    },
    async question(account, view, note) {
      questions.push(`${note} ${view.request.id} ${account}`)
    },
    async askToConfirm({ message }) {
      asked += 1
      return message ?? `dm-${asked}`
    },
    async tellOfToken({ id }, { why }) {
      alarms.push(`token ${id} ${why}`)
    },
    async tellOfDelegation(account, { delegation, why }) {
      alarms.push(`delegation ${delegation} ${why} ${account}`)
    },
    async soundDisowned(address, { id }) {
      alarms.push(`disowned ${id} ${address}`)
    },
    async soundAccount(address, { what, changed }) {
      alarms.push(`account ${what} ${changed.account} ${address}`)
    },
    async postCrowd() {
      return 'ts-crowd'
    },
    async showCrowd() {},
    async remindCrowd() {},
    async tellNews(account, { items }) {
      for (const item of items)
        if (item.about === 'request')
          news.push(`${item.view.request.id} ${item.view.request.state} ${account}`)
    },
    async tellKeyEnd(account, { stage, key }) {
      alarms.push(`key ${stage} ${key} ${account}`)
    },
  }
}

/** A world whose jobs run when the test says so. */
export interface Stage {
  readonly world: World
  readonly store: MemoryStore
  readonly channel: Wall
}

export async function openStage(): Promise<Stage> {
  const store = memoryStore()
  return { world: await testWorld({ store }), store, channel: wall() }
}

const silent = pino({ level: 'silent' })

/**
 * Runs every job that is due, as the worker would: one that fails stays, one that succeeds goes unless it was asked for
 * again meanwhile. Resolves when nothing is due.
 */
export async function drain({ world, store, channel }: Stage): Promise<void> {
  const tasks = tasksFor(world.ports, channel, silent)
  for (let round = 0; round < 50; round += 1) {
    const due = [...store.jobs.values()].filter((job) => isDue(job, world))
    if (due.length === 0) return
    for (const job of due) {
      const { task, ...payload } = job
      await tasks[task]?.(JSON.parse(JSON.stringify(payload)), firstAttempt)
      await finish(store, job)
    }
  }
  throw new Error('the jobs never come to an end')
}

function isDue(job: Job, world: World): boolean {
  return !('at' in job) || (job.at ?? '') <= world.clock().toISOString()
}

/** The worker's own bookkeeping. */
async function finish(store: MemoryStore, job: Job): Promise<void> {
  if (store.jobs.get(jobKey(job)) === job) await store.commit({ entries: [], dropJobs: [jobKey(job)] })
}
