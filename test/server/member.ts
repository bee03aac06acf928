import { expect } from 'vitest'
import type { Message, Snapshot } from '../../src/sandbox/wire.ts'
import { patience } from '../support/eventually.ts'

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
  /** The newest direct message to them in which a button stands: where it is. */
  const asked = async (actionId: string): Promise<string | undefined> => {
    const { messages } = await look()
    const direct = Object.entries(messages).filter(([conversation]) => conversation.startsWith('D'))
    return direct.find(([, list]) => JSON.stringify(list).includes(`"action_id":"${actionId}"`))?.[0]
  }
  const member = {
    cards,
    /** Confirms what was claimed in their name, when the message that asks is there. */
    confirm: async (): Promise<void> => {
      await expect.poll(() => asked('confirm_claim'), { timeout: patience }).toBeDefined()
      await member.press((await asked('confirm_claim')) ?? '', 'confirm_claim')
      await expect.poll(() => asked('confirm_claim'), { timeout: patience }).toBeUndefined()
    },
    /**
     * Presses a button of the newest card in a conversation, or of the newest that is about a request. A card that was
     * updated between the look and the press is looked at again, as a person would.
     */
    press: async (conversation: string, actionId: string, request = ''): Promise<void> => {
      const pressOnce = async () => {
        const card = (await cards(conversation)).findLast(
          (one) => !one.ephemeral && JSON.stringify(one.blocks).includes(request),
        )
        const block = card?.blocks.find((one) => JSON.stringify(one).includes(`"action_id":"${actionId}"`))
        const act = {
          act: 'press',
          as,
          at: { conversation, ts: card?.ts },
          blockId: block?.block_id,
          actionId,
        }
        const headers = { 'content-type': 'application/json' }
        const body = JSON.stringify(act)
        return JSON.parse(await (await fetch(`${page}act`, { method: 'POST', headers, body })).text())
      }
      // A busy server may acknowledge too late, after the press has counted; pressing again changes nothing then.
      const passing = /no longer there|did not respond in time|status code 503/
      let result = await pressOnce()
      while (!result.ok && passing.test(result.error)) result = await pressOnce()
      expect(result).toEqual({ ok: true, ackMs: expect.any(Number) })
    },
  }
  return member
}
