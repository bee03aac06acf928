import { expect } from 'vitest'
import type { Message, Snapshot } from '../../src/sandbox/wire.ts'

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
  return {
    cards,
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
      const passing = /not there any more|did not respond in time|status code 503/
      let result = await pressOnce()
      while (!result.ok && passing.test(result.error)) result = await pressOnce()
      expect(result).toEqual({ ok: true, ackMs: expect.any(Number) })
    },
  }
}
