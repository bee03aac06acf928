import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { directoryAnchor } from '../../src/anchors/directory.ts'
import type { Anchor } from '../../src/approvals/ledger/anchors/anchor.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { createHold } from '../../src/server/heldStore.ts'
import { ledgerAtStart } from '../../src/server/ledgerAtStart.ts'
import { opened } from '../store/opened.ts'
import { recorded } from '../store/sealingWorld.ts'
import { copyOfDatabase, freshDatabase } from '../support/database.ts'
import { heardHealth, nobodyHears } from '../support/health.ts'
import { testSealer } from '../support/testSealer.ts'

type Open = Awaited<ReturnType<typeof opened>>

/** The ledger of a server that starts, and how it ends. */
export async function started(store: Open, anchors: readonly Anchor[], origin: string | null = null) {
  const health = heardHealth()
  const hold = createHold()
  const ports = { workspace: 'wsp_1', ids: randomIds, clock: store.clock, store: store.store }
  const parts = { ports, store, signing: { sealer: testSealer }, health: health.health, anchors, hold }
  const { stopSealing, stopAnchoring } = await ledgerAtStart(parts, { origin, log: nobodyHears.log })
  let ended: Promise<void> | null = null
  const stop = () => {
    ended ??= stopSealing().then(stopAnchoring)
    return ended
  }
  onTestFinished(stop)
  return { stop, health, hold }
}

export function files(path: string): readonly string[] {
  const found = readdirSync(path, { recursive: true, encoding: 'utf8' })
  return found.filter((file) => file.endsWith('.checkpoint')).sort()
}

export const sizes = (path: string) =>
  files(path).map((file) => readCheckpoint(readFileSync(join(path, file), 'utf8'))?.size)

/** One that is looked at at once, and then when it is told. */
export const at = (path: string, name = 'vault') => directoryAnchor({ name, path, every: 3_600 })

/** A database whose entries are in an anchor, and a backup of it from then. */
export async function withBackup(path: string, entries: number) {
  const databaseUrl = await freshDatabase()
  const before = await opened(databaseUrl)
  await recorded(before, entries)
  await (await started(before, [at(path)])).stop()
  await before.close()
  const backup = await opened(await copyOfDatabase(databaseUrl))
  return { backup, after: await opened(databaseUrl), databaseUrl }
}

/** The backup of a database that had 3 entries then and has 7 now, both in an anchor. */
export async function backedUp(path: string) {
  const { backup, after } = await withBackup(path, 3)
  await recorded(after, 4)
  await (await started(after, [at(path)])).stop()
  return backup
}

export const sizesOf = (file: string) => Number(/(\d{16})\.checkpoint$/.exec(file)?.[1])
