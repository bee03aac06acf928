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
    /** Presses a button of the newest card in a conversation, or of the newest that is about a request. */
    press: async (conversation: string, actionId: string, request = ''): Promise<void> => {
      const card = (await cards(conversation)).findLast(
        (one) => !one.ephemeral && JSON.stringify(one.blocks).includes(request),
      )
      const block = card?.blocks.find((one) => JSON.stringify(one).includes(`"action_id":"${actionId}"`))
      const at = { conversation, ts: card?.ts }
      const act = { act: 'press', as, at, blockId: block?.block_id, actionId }
      const headers = { 'content-type': 'application/json' }
      const response = await fetch(`${page}act`, { method: 'POST', headers, body: JSON.stringify(act) })
      expect(await response.json()).toEqual({ ok: true, ackMs: expect.any(Number) })
    },
  }
}
