import fs, { fstatSync, writeFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { replaceSecret } from '../../src/server/replaceSecret.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { configOf, serve, temporaryDirectory } from './serve.ts'

/** From now on, and until the test ends, this is how the system sees to it that a file is on disk: for every module, loaded already or not. */
function syncsBy(sync: typeof fs.fsyncSync): void {
  fs.fsyncSync = sync
  syncBuiltinESMExports()
}
const { fsyncSync } = fs

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
  onTestFinished(() => syncsBy(fsyncSync))
  syncsBy((file) => {
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

  syncsBy(fsyncSync)
  await replace()
  expect(await fingerprint(), 'control').not.toBe(before)
})
