import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { openStore } from '../../src/store/open.ts'
import { heardHealth } from '../support/health.ts'
import { ask, submission, testWorld } from '../support/world.ts'

/** A disk of 160 MB of its own, or null where we may not mount one. */
function smallDisk(): string | null {
  const place = mkdtempSync(join(tmpdir(), 'countersign-disk-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160m,mode=711', 'tmpfs', place], { stdio: 'ignore' })
  } catch {
    rmSync(place, { recursive: true })
    return null
  }
  chmodSync(place, 0o711) // PostgreSQL's own user has to pass
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', place])
    rmSync(place, { recursive: true })
  })
  return place
}

/** Uses up what is free; returns how to give it back. */
function fill(place: string): () => void {
  const ballast = join(place, 'ballast')
  const { bavail, bsize } = statfsSync(place)
  writeFileSync(ballast, Buffer.alloc(Number(bavail) * Number(bsize)))
  return () => rmSync(ballast)
}

test('a disk that is really full is told as such, makes us unfit, and is over when there is room', async (context) => {
  const disk = smallDisk()
  if (!disk)
    return context.skip('needs the right to mount a small disk (tmpfs), which this machine does not give')
  const log = pino({ level: 'silent' })
  const database = await startEmbedded({ dataDir: disk, log })
  onTestFinished(() => database.stop())
  const heard = heardHealth()
  const open = await openStore({ databaseUrl: database.migrateUrl, log, health: heard.health })
  onTestFinished(() => open.close())
  const world = await testWorld({ store: open.store })
  const large = () => submission('db.export', { params: { rows: 10, note: 'x'.repeat(60_000) } })
  const makeRoom = fill(disk)

  const reasons = new Set<string>()
  for (let n = 0; n < 200 && !reasons.has('full'); n += 1) {
    const fault = await ask(world, 'db.export', large()).then(
      () => null,
      (error: unknown) => error,
    )
    if (fault) reasons.add(String(Reflect.get(Object(fault), 'reason')))
  }

  // When the log of the database has no room either it goes down for a moment, which is 'away'.
  expect([...reasons].filter((one) => one !== 'full' && one !== 'away')).toEqual([])
  expect(reasons).toContain('full')
  expect(heard.now()).toEqual(['cannot_write'])
  makeRoom()
  const works = async () =>
    ask(world, 'db.export', large()).then(
      () => true,
      () => false,
    )
  await expect.poll(works).toBe(true)
  expect(heard.now()).toEqual([])
})
