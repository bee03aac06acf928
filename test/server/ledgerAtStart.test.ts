import { expect, onTestFinished, test } from 'vitest'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { createHold } from '../../src/server/heldStore.ts'
import { ledgerAtStart } from '../../src/server/ledgerAtStart.ts'
import { opened } from '../store/opened.ts'
import { beginning, expectWholeTree, recorded, signerOf } from '../store/sealingWorld.ts'
import { nobodyHears } from '../support/health.ts'
import { sealerOf, testSealer } from '../support/testSealer.ts'

type Open = Awaited<ReturnType<typeof opened>>

async function started(store: Open, { origin = null as string | null, sealer = testSealer } = {}) {
  const ports = { workspace: 'wsp_1', ids: randomIds, clock: store.clock, store: store.store }
  const parts = {
    ports,
    store,
    signing: { sealer },
    health: nobodyHears.health,
    anchors: [],
    hold: createHold(),
  }
  const { stopSealing, stopAnchoring } = await ledgerAtStart(parts, { origin, log: nobodyHears.log })
  onTestFinished(async () => {
    await stopSealing()
    await stopAnchoring()
  })
}

test('the first start makes the ledger, under the name that it has for good, and seals what was recorded before', async () => {
  const store = await opened()
  await recorded(store, 3)

  await started(store)

  await expect.poll(async () => (await beginning(store)).head.size).toBe(3)
  const { head, key } = await beginning(store)
  expect([head.origin, key.origin]).toEqual(['countersign/wsp_1', 'countersign/wsp_1'])
  expect(key.sealed).toMatch(/^v1\./)
})

test('LEDGER_ORIGIN names a new ledger; the same one again starts, another does not', async () => {
  const store = await opened()
  await started(store, { origin: 'acme.test/ledger' })

  await started(store, { origin: 'acme.test/ledger' })
  await started(store)
  const refused = started(store, { origin: 'acme.test/other' })

  await expect(refused).rejects.toMatchObject({
    message: expect.stringMatching(/is acme.test\/ledger, and LEDGER_ORIGIN says acme.test\/other/),
    fix: 'Leave out LEDGER_ORIGIN, or set LEDGER_ORIGIN=acme.test/ledger',
  })
})

test('a server that cannot open the key does not start, and says which secret it needs', async () => {
  const store = await opened()
  const signer = await signerOf(store)
  await recorded(store, 2)

  const refused = started(store, { sealer: sealerOf('another secret') })

  await expect(refused).rejects.toMatchObject({
    message: expect.stringMatching(/ledger-key .* was sealed under another COUNTERSIGN_SECRET/),
    fix: expect.stringMatching(/restore the table ledger_keys/),
  })
  expect(await expectWholeTree(store.pool, signer)).toBe(0)
})
