import { fstatSync, fsyncSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'
import { replaceSecret } from '../../src/server/replaceSecret.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { configOf, serve, temporaryDirectory } from './serve.ts'

vi.mock('node:fs', { spy: true })
beforeEach(() => vi.mocked(fsyncSync).mockClear())

const shell = { user: 'lee', host: 'workstation' } as const

/** A sandbox with agents that has stopped, and the files that its secret is to be replaced with. */
async function rested(given: 'environment' | 'data directory') {
  const environment = {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: temporaryDirectory(),
    ...(given === 'environment' && { COUNTERSIGN_SECRET: 'o'.repeat(43) }),
  }
  await (await serve(environment)).stop()
  const folder = temporaryDirectory()
  const newSecretFile = given === 'environment' ? join(folder, 'new-secret') : null
  if (newSecretFile !== null) writeFileSync(newSecretFile, 'n'.repeat(43))
  const agentSecrets = join(folder, 'agents.tsv')
  return {
    replace: () => replaceSecret(configOf(environment), { newSecretFile, agentSecrets, shell }),
    fingerprint: () =>
      withClient(environment.DATABASE_URL, async (client) => {
        const { rows } = await client.query('SELECT secret_fingerprint AS is FROM installation')
        return rows[0].is as string
      }),
  }
}

/** A disk that takes no name of a file any more. */
function brokenDisk(): void {
  vi.mocked(fsyncSync).mockImplementation((file) => {
    if (fstatSync(file).isDirectory()) throw Object.assign(new Error('EIO'), { code: 'EIO' })
  })
}

test.each([
  ['the new secret', 'data directory'],
  ['what agents sign with', 'environment'],
] as const)('kill-anywhere: %s is on disk, name and all, before the database has it', async (_, given) => {
  const { replace, fingerprint } = await rested(given)
  const before = await fingerprint()

  brokenDisk()
  await expect(replace()).rejects.toThrow()
  expect(await fingerprint()).toBe(before)
  // What the first run has left is not believed to be on disk either.
  await expect(replace()).rejects.toThrow()
  expect(await fingerprint()).toBe(before)

  vi.mocked(fsyncSync).mockImplementation(() => undefined)
  await replace()
  expect(await fingerprint(), 'control').not.toBe(before)
})
