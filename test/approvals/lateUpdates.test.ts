import { expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { correct } from '../../src/approvals/cards/correct.ts'
import { refresh } from '../../src/approvals/cards/refresh.ts'
import { testChannel } from '../support/channel.ts'
import { ask, click, testWorld } from '../support/world.ts'

/**
 * A run that outlived its worker, or waited long for its turn, sends what was true when it began, after another run has
 * shown what is true now (threats: bad-session). The first `update` waits until the test lets it go.
 */
async function overtaken() {
  const world = await testWorld()
  const channel = testChannel()
  const request = await ask(world, 'deploy.start')
  await announce(world.ports, channel, request.id)
  const [card] = await world.store.cards(request.id)
  if (!card?.message) throw new Error('no card was posted')

  let letGo = () => {}
  const held = new Promise<void>((resolve) => {
    letGo = resolve
  })
  const slow = {
    ...channel,
    update: (...about: Parameters<typeof channel.update>) => held.then(() => channel.update(...about)),
  }
  const updates = () => channel.said.filter((call) => call.startsWith('update'))
  const at = { request: request.id, conversation: card.conversation, message: card.message }
  return { world, channel, slow, letGo, updates, at, id: request.id }
}

test('a correction that arrives after the end was shown finds that out, and shows the end once more', async () => {
  const { world, channel, slow, letGo, updates, at, id } = await overtaken()
  const late = correct(world.ports, slow, at)
  late.catch(() => undefined)
  await new Promise(setImmediate) // it has read the request and waits for its turn

  await click(world, id, 'U0GRACE')
  await refresh(world.ports, channel, { request: id })
  letGo()

  await expect(late).rejects.toMatchObject({ code: 'card_moved' })
  expect(updates()).toEqual(['update approved v2', 'update pending v1'])
  await correct(world.ports, channel, at)
  expect(updates().at(-1)).toBe('update approved v2')
})

test('so does a refreshing run that was overtaken, at once, although the record says that the end is shown', async () => {
  const { world, channel, slow, letGo, updates, id } = await overtaken()
  const late = refresh(world.ports, slow, { request: id, again: true })
  await new Promise(setImmediate)

  await click(world, id, 'U0GRACE', { reason: 'I have looked at it.' })
  await refresh(world.ports, channel, { request: id })
  letGo()
  await late

  expect(updates()).toEqual(['update approved v2', 'update pending v1', 'update approved v2'])
  expect(channel.said.filter((call) => call === 'tell decision.made, request.approved')).toHaveLength(1)
})

test('one that others overtake again and again gives way, and comes again in doubt', async () => {
  const { world, channel, updates, at, id } = await overtaken()
  const [card] = await world.store.cards(id)
  const overtaking = {
    ...channel,
    update: async (...about: Parameters<typeof channel.update>) => {
      await channel.update(...about)
      const now = await world.store.card(card?.id ?? '')
      if (now)
        await world.store.commit({
          cards: [{ expected: now.version, next: { ...now, version: now.version + 1 } }],
          entries: [],
        })
    },
  }

  const late = refresh(world.ports, overtaking, { request: id, again: true })

  await expect(late).rejects.toMatchObject({ code: 'card_moved' })
  const before = updates().length
  await refresh(world.ports, channel, {
    request: id,
    tries: { [at.conversation]: { times: 1, failures: 0 } },
  })
  expect(updates()).toHaveLength(before + 1)
})

test('a run that died after it had sent something is done again in full', async () => {
  const { world, channel, updates, id } = await overtaken()
  await click(world, id, 'U0GRACE')
  await refresh(world.ports, channel, { request: id })

  await refresh(world.ports, channel, { request: id, again: true })

  expect(updates()).toEqual(['update approved v2', 'update approved v2'])
})

test('control: what is shown by the record, and what nobody doubts, costs nothing', async () => {
  const { world, channel, updates, id } = await overtaken()
  await click(world, id, 'U0GRACE')
  await refresh(world.ports, channel, { request: id })

  await refresh(world.ports, channel, { request: id })

  expect(updates()).toEqual(['update approved v2'])
})
