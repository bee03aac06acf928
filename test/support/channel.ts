import { type Channel, ChannelFault } from '../../src/approvals/channelPort.ts'
import type { Card } from '../../src/approvals/records.ts'
import type { RequestView } from '../../src/card/view.ts'
import type { Entry } from '../../src/ledger/entry.ts'

/** A channel that writes down what it is told; `fail` decides what goes wrong, before or after it took effect. */
export interface TestChannel extends Channel {
  readonly said: string[]
  /** The code that each account was sent last. */
  readonly codes: Map<string, string>
  fail: (call: string) => { readonly fault: ChannelFault; readonly tookEffect: boolean } | null
}

export function testChannel(): TestChannel {
  const channel: TestChannel = {
    said: [],
    codes: new Map(),
    fail: () => null,
    post: async (card: Card) => {
      say(`post ${card.conversation}`)
      return `ts-${channel.said.length}`
    },
    postedAt: async () => null,
    update: async (_: Card, view: RequestView) =>
      say(`update ${view.request.state} v${view.request.version}`),
    disown: async ({ conversation, message }) => say(`disown ${conversation} ${message}`),
    mayTell: async () => {},
    tell: async (_: Card, __: RequestView, entries: readonly Entry[]) =>
      say(`tell ${entries.map(({ type }) => type).join(', ')}`),
    remind: async () => say('remind'),
    alarm: async (address, _, { why }) => say(`alarm ${why} ${address}`),
    answer: async (account, { request }, { verb, refused }) =>
      say(`answer ${account} ${verb} ${refused?.code ?? 'done'} ${request.state}`),
    question: async (account, { request }, note) => say(`question ${account} ${note} ${request.state}`),
    askToConfirm: async ({ account, message }, { state }, code) => {
      if (code !== null) channel.codes.set(account, code)
      say(`${message === null ? 'ask' : 'show'} ${account} ${state}`)
      return message ?? `dm-${channel.said.length}`
    },
    tellOfToken: async ({ account }, { why }) => say(`token ${account} ${why}`),
    tellOfDelegation: async (account, { why }) => say(`delegation ${why} ${account}`),
    soundDisowned: async (address) => say(`disowned ${address}`),
    soundAccount: async (address, { what, changed, other }) =>
      say(`account ${what} ${changed.account} ${other?.account ?? '-'} ${address}`),
    postCrowd: async (conversation, { waiting }) => {
      say(`post crowd ${conversation} ${waiting}`)
      return `ts-${channel.said.length}`
    },
    showCrowd: async ({ message }, crowd) => say(`show crowd ${message} ${crowd?.waiting ?? 'over'}`),
    remindCrowd: async ({ message }) => say(`remind crowd ${message}`),
    tellNews: async (account, { items, more }) => {
      const told = items.map((item) =>
        item.about === 'request'
          ? `${item.view.request.id} ${item.view.request.state}`
          : `${item.agent} ${item.trouble} ${item.refused?.count ?? ''}`,
      )
      say(`news ${account} ${told.join(', ')}${more > 0 ? ` and ${more}` : ''}`)
    },
    tellKeyEnd: async (account, { agent, stage }) => say(`key ${stage} ${agent} ${account}`),
  }
  const say = (call: string): void => {
    const failing = channel.fail(call)
    if (!failing || failing.tookEffect) channel.said.push(call)
    if (failing) throw failing.fault
  }
  return channel
}

export const lost = new ChannelFault({ code: 'timeout', message: 'no answer', unknown: true })
export const refused = new ChannelFault({ code: 'not_in_channel', message: 'not invited', unknown: false })
