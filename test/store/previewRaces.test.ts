import { expect, test } from 'vitest'
import { announce } from '../../src/approvals/cards/announce.ts'
import { makePreview } from '../../src/approvals/previews/make.ts'
import { doublePreviewer } from '../issuers/doublePreviewer.ts'
import { testChannel } from '../support/channel.ts'
import { ask, click, testWorld } from '../support/world.ts'
import { opened } from './opened.ts'

async function twoReplicas() {
  const first = await opened()
  const second = await opened(first.databaseUrl)
  const world = await testWorld({ store: first.store, previewers: [doublePreviewer()] })
  const there = { ...world, ports: { ...world.ports, store: second.store } }
  return { world, there }
}

const many = Array.from({ length: 20 }, (_, nth) => nth)

test('two-replicas: no vote is lost to a preview that is made in the same moment, whichever is first', async () => {
  const { world, there } = await twoReplicas()
  for (const nth of many) {
    const { id } = await ask(world, 'db.export')

    await Promise.all([
      click(nth % 2 ? world : there, id, 'U0BOB'),
      click(nth % 3 ? world : there, id, 'U0SAM'),
      makePreview(world.ports, id),
      makePreview(there.ports, id),
    ])

    const request = await there.ports.store.request(id)
    expect(request).toMatchObject({ state: 'approved', decisions: [{}, {}] })
    const types = (await world.store.entries(id)).map(({ type }) => type)
    expect(types.filter((type) => type === 'decision.made')).toHaveLength(2)
    expect(types.filter((type) => type === 'preview.made')).toHaveLength(request?.preview ? 1 : 0)
  }
})

test('two-replicas: a preview and a card that goes out in the same moment agree: all cards show what is recorded', async () => {
  const { world, there } = await twoReplicas()
  for (const nth of many) {
    // Ten cards within ten minutes are a crowd, which one card stands for.
    world.clock.advance(601)
    const { id } = await ask(world, 'db.export')
    const shown: unknown[] = []
    const channel = {
      ...testChannel(),
      post: async (_: unknown, { request }: { readonly request: { readonly preview?: unknown } }) =>
        `ts-${nth}-${shown.push(request.preview)}`,
    }

    await Promise.all([
      makePreview(world.ports, id),
      announce(there.ports, channel, id),
      makePreview(there.ports, id),
    ])

    const { preview } = (await world.store.request(id)) ?? {}
    expect(preview).toBeDefined()
    expect(shown).toEqual([preview])
    const types = (await world.store.entries(id)).map(({ type }) => type)
    expect(types.filter((type) => type.startsWith('preview.'))).toHaveLength(1)
  }
})
