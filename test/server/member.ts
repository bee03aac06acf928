import { expect } from 'vitest'
import type { Message, Snapshot } from '../../src/sandbox/wire.ts'
import { patience } from '../support/eventually.ts'

/** Where a message is. */
interface Place {
  readonly conversation: string
  readonly ts: string
}

const buttonOf = (message: Message, actionId: string) =>
  message.blocks.find((one) => JSON.stringify(one).includes(`"action_id":"${actionId}"`))

/** A member who sits at the sandbox's page: what they see and press goes through its routes, as the page's does. */
export function memberAt(page: string, as: string) {
  const look = async (): Promise<Snapshot> => {
    const response = await fetch(`${page}snapshot?as=${as}`)
    return JSON.parse(await response.text())
  }
  const cards = async (conversation: string): Promise<readonly Message[]> => {
    const { messages } = await look()
    return (messages[conversation] ?? []).filter((message) => message.threadTs === null)
  }
  /** The direct messages to them in which a button stands. */
  const asked = async (actionId: string): Promise<readonly Place[]> => {
    const { messages } = await look()
    const direct = Object.entries(messages).filter(([conversation]) => conversation.startsWith('D'))
    return direct.flatMap(([conversation, list]) =>
      list.filter((one) => buttonOf(one, actionId)).map(({ ts }) => ({ conversation, ts })),
    )
  }
  const pressOnce = async (conversation: string, message: Message | undefined, actionId: string) => {
    const act = {
      act: 'press',
      as,
      at: { conversation, ts: message?.ts },
      blockId: message && buttonOf(message, actionId)?.block_id,
      actionId,
    }
    const headers = { 'content-type': 'application/json' }
    const body = JSON.stringify(act)
    return JSON.parse(await (await fetch(`${page}act`, { method: 'POST', headers, body })).text())
  }
  /** A card that was updated between the look and the press is looked at again, as a person would. */
  const press = async (
    conversation: string,
    actionId: string,
    at: (cards: readonly Message[]) => Message | undefined,
  ): Promise<void> => {
    const once = async () => pressOnce(conversation, at(await cards(conversation)), actionId)
    // A busy server may acknowledge too late, after the press has counted; pressing again changes nothing then.
    const passing = /no longer there|did not respond in time|status code 503/
    let result = await once()
    while (!result.ok && passing.test(result.error)) result = await once()
    expect(result).toEqual({ ok: true, ackMs: expect.any(Number) })
  }
  return {
    cards,
    /** Confirms what was claimed in their name, when a message asks for it: one, if several do. */
    confirm: async (): Promise<void> => {
      const waiting = () => asked('confirm_claim')
      await expect.poll(waiting, { timeout: patience }).not.toHaveLength(0)
      const [first] = await waiting()
      if (!first) throw new Error(`${as} is no longer asked to confirm anything.`)
      await press(first.conversation, 'confirm_claim', (all) => all.find(({ ts }) => ts === first.ts))
      await expect.poll(waiting, { timeout: patience }).not.toContainEqual(first)
    },
    /** Presses a button of the newest card in a conversation, or of the newest that is about a request. */
    press: (conversation: string, actionId: string, request = ''): Promise<void> =>
      press(conversation, actionId, (all) =>
        all.findLast((one) => !one.ephemeral && JSON.stringify(one.blocks).includes(request)),
      ),
  }
}
