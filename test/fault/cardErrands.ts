import { announce, announceAgain } from '../../src/approvals/cards/announce.ts'
import { answer } from '../../src/approvals/cards/answer.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { remind } from '../../src/approvals/cards/remind.ts'
import { type Channel, ChannelFault } from '../../src/approvals/channelPort.ts'
import { makePreview } from '../../src/approvals/previews/make.ts'
import { doublePreviewer } from '../issuers/doublePreviewer.ts'
import { ask, click } from '../support/world.ts'
import { announced, type Errand, story } from './errand.ts'

const archived = new ChannelFault({ code: 'is_archived', message: 'archived', unknown: false })

async function lostAnswer(call: Promise<unknown>): Promise<never> {
  await call
  throw new ChannelFault({ code: 'timeout', message: 'no answer', unknown: true })
}

/** What is done with cards: posting, changing and looking after them. */
export const cardErrands: Readonly<Record<string, Errand>> = {
  announcing: {
    arrange: async ({ world }) => {
      const { id } = await ask(world, 'db.export')
      return ({ ports, channel }) => announce(ports, channel, id)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted'] },
  },
  'asking a target what it would touch': {
    arrange: async ({ world }) => {
      const { id } = await ask(world, 'db.export')
      return ({ ports }) => makePreview({ ...ports, previewers: [doublePreviewer()] }, id)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'preview.made'] },
  },
  'announcing what a target was not asked about in time': {
    arrange: async ({ world }) => {
      const { id } = await ask(world, 'db.export')
      return ({ ports, channel }) => announce({ ...ports, previewers: [doublePreviewer()] }, channel, id)
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'preview.missed'] },
  },
  'announcing after a posting whose answer was lost': {
    arrange: async ({ world, channel }) => {
      const { id } = await ask(world, 'db.export')
      const deaf = {
        ...channel,
        post: (...post: Parameters<Channel['post']>) => lostAnswer(channel.post(...post)),
      }
      await announce(world.ports, deaf, id).catch(() => {})
      return (outside) => announce(outside.ports, outside.channel, id)
    },
    result: async ({ store, channel }) => {
      const [request] = await store.requests({ limit: 1 })
      const cards = await store.cards(request?.id ?? '')
      return { lost: cards.some((card) => card.status === 'replaced'), several: channel.posts.length > 1 }
    },
    expected: { lost: true, several: true },
  },
  'writing to people directly, because the channel has refused three times': {
    arrange: async ({ world }) => {
      const { id } = await ask(world, 'deploy.start')
      const tries = { 'slack:C0APPROVALS': { times: 2, failures: 2 } }
      return async ({ ports, channel }) => {
        const refusing: Channel = {
          ...channel,
          post: (card, view) =>
            card.conversation === 'slack:C0APPROVALS' ? Promise.reject(archived) : channel.post(card, view),
        }
        await announceAgain(ports, refusing, { request: id, tries }).catch((fault: unknown) => {
          if (!(fault instanceof ChannelFault)) throw fault
        })
      }
    },
    result: async (stage) => {
      const direct = stage.channel.posts.map((post) => post.conversation).filter((to) => to.includes(':U0'))
      const twice = direct.filter((to, index) => direct.indexOf(to) !== index)
      return { ...(await story(stage)), twice }
    },
    expected: { states: ['pending'], entries: ['request.submitted', 'channel.failed'], twice: [] },
  },
  'reminding under a card that somebody deleted': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      const [card] = await stage.store.cards(id)
      stage.channel.remove(card?.message ?? '')
      return ({ ports, channel }) => remind(ports, channel, { request: id, nth: 0 })
    },
    result: (stage) => story(stage, ['reminder.sent']),
    expected: { states: ['pending'], entries: ['request.submitted'] },
  },
  'refreshing when a posting was never answered and the request is settled': {
    arrange: async ({ world, channel }) => {
      const { id } = await ask(world, 'db.export')
      const deaf = {
        ...channel,
        post: (...post: Parameters<Channel['post']>) => lostAnswer(channel.post(...post)),
      }
      await announce(world.ports, deaf, id).catch(() => {})
      await click(world, id, 'U0BOB', { kind: 'deny', delivery: 'earlier' })
      return (outside) => refresh(outside.ports, outside.channel, { request: id })
    },
    result: async ({ store }) => {
      const [request] = await store.requests({ limit: 1 })
      return (await store.cards(request?.id ?? '')).map((card) => card.status)
    },
    expected: ['replaced'],
  },
  'refreshing after a decision': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      await click(stage.world, id, 'U0BOB', { delivery: 'earlier' })
      return ({ ports, channel }) => refresh(ports, channel, { request: id })
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'decision.made'] },
  },
  'telling how a click ended that was queued': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      await click(stage.world, id, 'U0BOB', { delivery: 'earlier', queued: true })
      const ending = { verb: 'approve', refused: null } as const
      return ({ ports, channel }) => answer(ports, channel, { request: id, to: 'slack:T0ACME:U0BOB', ending })
    },
    result: async (stage) => ({ ...(await story(stage)), told: stage.channel.answers.length > 0 }),
    expected: { states: ['pending'], entries: ['request.submitted', 'decision.made'], told: true },
  },
  'refreshing a card that somebody deleted': {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      const [card] = await stage.store.cards(id)
      stage.channel.remove(card?.message ?? '')
      await click(stage.world, id, 'U0BOB', { delivery: 'earlier' })
      return ({ ports, channel }) => refresh(ports, channel, { request: id })
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'decision.made'] },
  },
  reminding: {
    arrange: async (stage) => {
      const { id } = await announced(stage, 'db.export')
      return ({ ports, channel }) => remind(ports, channel, { request: id, nth: 0 })
    },
    result: (stage) => story(stage),
    expected: { states: ['pending'], entries: ['request.submitted', 'reminder.sent'] },
  },
}
