import { announce } from '../../src/approvals/cards/announce.ts'
import type { Channel } from '../../src/approvals/channelPort.ts'
import type { Ports, Store } from '../../src/approvals/ports.ts'

/** Posts the card of a request, whose record waits until `record` is called; that resolves when it is there. */
export function heldPosting(ports: Ports, channel: Channel, id: string): { record(): Promise<void> } {
  let open = (): void => {}
  const until = new Promise<void>((resolve) => {
    open = resolve
  })
  const held: Store = {
    ...ports.store,
    commit: async (change) => {
      if (change.entries.some(({ entry }) => entry.type === 'card.posted')) await until
      return ports.store.commit(change)
    },
  }
  const announced = announce({ ...ports, store: held }, channel, id)
  return {
    record: async () => {
      open()
      await announced
    },
  }
}
