import { expect, test } from 'vitest'
import { outOfReach, saidErased } from '../../src/cli/eraseReach.ts'
import { smash } from '../approvals/emergency.ts'
import { testChannel } from '../support/channel.ts'
import { jobsAtWork } from '../support/jobsAtWork.ts'
import { memoryStore } from '../support/memoryStore.ts'
import { declare } from '../support/rollbackWorld.ts'
import { ask, testWorld } from '../support/world.ts'

async function opened() {
  const store = memoryStore()
  const world = await testWorld({ store })
  const jobs = jobsAtWork({ ports: world.ports, store, channel: testChannel(), clock: world.clock })
  const reach = (id: string, updateCards = false) =>
    outOfReach(store, { what: 'request', id }, { updateCards })
  return { store, world, jobs, reach }
}

test('what an erasure does not reach is named, each message by its link', async () => {
  const { world, jobs, reach } = await opened()
  const { id, idempotencyKey } = await ask(world, 'host.reboot')
  await jobs.runDue()

  expect(await reach(id)).toContainEqual(
    expect.stringMatching(/^ {2}the message https:\/\/slack\.com\/archives\/C0APPROVALS\/p\S+$/),
  )
  expect(await reach(id, true)).toContainEqual(
    expect.stringMatching(/C0APPROVALS\/p\S+: the card is drawn again, its thread stays$/),
  )
  expect((await reach(id)).join('\n')).toContain(JSON.stringify(idempotencyKey))
  expect((await reach(id)).join('\n')).not.toContain('alarm') // the control
})

test('so are alarms, which have reasons and are no cards', async () => {
  const { world, jobs, reach } = await opened()
  const { id } = await ask(world, 'host.reboot')
  await smash(world, id, 'U0GRACE')
  await jobs.runDue()

  expect(await reach(id)).toContain(
    '  an alarm in https://slack.com/archives/C0ALERTS, with the reasons that people gave',
  )
})

test('and a rollback that was declared with it, which has words of its own', async () => {
  const { world, reach } = await opened()
  const { first, rollback } = await declare(world, 'db.export', 'table.drop')

  expect(await reach(first.id)).toContain(
    `  ${rollback.id}, which undoes it and stands on its card, too: erase that by itself`,
  )
})

test('of what is erased already, each card says whether it was drawn again; a message whose posting was never answered may be there', async () => {
  const { store, world, jobs } = await opened()
  const request = await ask(world, 'host.reboot')
  await jobs.runDue()
  const [card] = await store.cards(request.id)
  if (!card) throw new Error('it was posted')
  const erased = { at: '2026-12-01T00:00:00.000Z', entry: 'ent_1', digest: 'salted' } as const
  const lost = {
    ...card,
    id: 'crd_lost',
    version: 1,
    status: 'replaced',
    message: null,
    shown: null,
  } as const
  await store.commit({ cards: [{ expected: null, next: lost }], entries: [] })

  const said = (version: number) => saidErased(store, { ...request, version, erased })

  expect((await said(request.version)).slice(1).toSorted()).toEqual([
    expect.stringMatching(
      /a message in \S+C0APPROVALS whose posting was never answered.*still has what it asked/,
    ),
    expect.stringMatching(/was drawn again without it; its thread stays$/),
  ])
  expect((await said(request.version + 1)).join('\n')).not.toContain('was drawn again')
})
