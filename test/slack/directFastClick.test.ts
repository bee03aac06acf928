import { expect, test } from 'vitest'
import type { Card } from '../../src/approvals/records.ts'
import { standingCard } from '../../src/channels/standingCard.ts'
import { pressedAt } from '../../src/slack/place.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { ask, testWorld } from '../support/world.ts'

/** A card that was sent to Grace directly: Slack knows her as `W0GRACE` in the organisation and as `U0GRACE` in a workspace. */
async function sentDirectly() {
  const store = memoryStore()
  const world = await testWorld({ store })
  const { id: request } = await ask(world, 'deploy.start')
  const card: Card = {
    id: 'crd_direct',
    version: 1,
    request,
    conversation: 'slack:E0ORG:W0GRACE',
    status: 'posting',
    message: null,
    shown: null,
    told: 0,
  }
  await store.commit({ cards: [{ expected: null, next: card }], entries: [] })
  // Whether it waits or not is decided when nothing of it is left to do.
  const click = async (channel: string) => {
    const records = { store, patience: 60_000 }
    const standing = standingCard(records, { request, card }, pressedAt({ channel, ts: '1.5' }, null))
    await new Promise(setImmediate)
    return standing
  }
  const record = () =>
    store.commit({
      cards: [{ expected: 1, next: { ...card, version: 2, status: 'posted', message: 'D0GRACE/1.5' } }],
      entries: [],
    })
  return { request, click, record }
}

test('fast-click: a click on a direct card waits for its record, whichever of their ids the person clicks under', async () => {
  const { click, record } = await sentDirectly()

  const clicked = click('D0GRACE')
  await new Promise(setImmediate)
  await record()

  expect(await clicked).toMatchObject({ kind: 'card', card: { id: 'crd_direct' } })
})

test.each(['D0BOB', 'C0APPROVALS'])(
  'control: a copy of it in %s is an old copy, and decides nothing',
  async (channel) => {
    const { request, click, record } = await sentDirectly()

    const clicked = click(channel)
    await new Promise(setImmediate)
    await record()

    expect(await clicked).toEqual({ kind: 'old copy', request })
  },
)
