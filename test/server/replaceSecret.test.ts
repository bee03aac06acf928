import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newEntry } from '../../src/approvals/newEntry.ts'
import { randomIds } from '../../src/approvals/randomIds.ts'
import { webhookSecret } from '../../src/server/compose.ts'
import { callbackSecret } from '../../src/server/outgoing.ts'
import { replaceSecret } from '../../src/server/replaceSecret.ts'
import { startServer } from '../../src/server/start.ts'
import { rotateSecret } from '../../src/store/rotateSecret.ts'
import { installationSecret, nextSecret, secretOf } from '../../src/store/secretFile.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { configOf, listeningLog, serve, temporaryDirectory } from './serve.ts'

const [old, fresh] = ['o'.repeat(43), 'n'.repeat(43)] as const
const shell = { user: 'lee', host: 'workstation' } as const

/** A sandbox that was at work, with its agents and signing keys, and has stopped. */
async function rested(given: 'environment' | 'data directory') {
  const environment: Record<string, string> = {
    DATABASE_URL: await freshDatabase(),
    DATA_DIR: temporaryDirectory(),
    ...(given === 'environment' && { COUNTERSIGN_SECRET: old }),
  }
  await (await serve(environment)).stop()
  const folder = temporaryDirectory()
  const newSecretFile = join(folder, 'new-secret')
  writeFileSync(newSecretFile, `${fresh}\n`)
  const config = configOf(environment)
  return {
    environment,
    config,
    newSecretFile,
    agentSecrets: join(folder, 'agents.tsv'),
    dataDir: config.dataDir,
  }
}

async function fingerprintIn(url: string | undefined): Promise<string> {
  const { rows } = await withClient(url ?? '', (client) =>
    client.query('SELECT secret_fingerprint FROM installation'),
  )
  return rows[0].secret_fingerprint
}

const starting = (environment: Record<string, string>) =>
  startServer(configOf(environment), listeningLog().log)

test('the new secret is the one that servers start with; what agents sign with is in a file of the operator alone', async () => {
  const { environment, config, newSecretFile, agentSecrets } = await rested('environment')

  const replaced = await replaceSecret(config, { newSecretFile, agentSecrets, shell })

  expect(replaced.where).toBe('environment')
  expect(replaced.rotation?.again.map(({ purpose }) => purpose)).toEqual([
    'signing-key',
    'signing-key',
    'ledger-key',
  ])
  expect(replaced.rotation?.agents.length).toBeGreaterThan(0)
  expect(statSync(agentSecrets).mode & 0o777).toBe(0o600)
  const [, ...lines] = readFileSync(agentSecrets, 'utf8').trimEnd().split('\n')
  for (const line of lines) {
    const [agent = '', key = '', ...secrets] = line.split('\t')
    expect(replaced.rotation?.agents).toContain(agent)
    expect(secrets).toEqual([webhookSecret(secretOf(fresh), key), callbackSecret(secretOf(fresh), key)])
  }
  await expect(starting(environment)).rejects.toMatchObject({ code: 'other_secret' })
  const server = await starting({ ...environment, COUNTERSIGN_SECRET: fresh })
  await server.stop()
  expect(JSON.stringify(replaced)).not.toMatch(/whsec_|n{43}|o{43}/)
})

test('agents are named before anything is changed, when there is no file for what they sign with', async () => {
  const { environment, config, newSecretFile, agentSecrets } = await rested('environment')
  const ask = { newSecretFile, shell }

  await expect(replaceSecret(config, { ...ask, agentSecrets: null })).rejects.toMatchObject({
    message: expect.stringMatching(/webhook secrets .* change with it: .*-agent/),
    fix: expect.stringContaining('--agent-secrets FILE'),
  })
  writeFileSync(agentSecrets, 'of something else')
  await expect(replaceSecret(config, { ...ask, agentSecrets })).rejects.toThrow('is there already')

  expect(await fingerprintIn(environment.DATABASE_URL)).toBe(secretOf(old).fingerprint)
  expect(readFileSync(agentSecrets, 'utf8')).toBe('of something else')
})

test('a secret in the data directory is replaced by one that is made there', async () => {
  const { environment, config, agentSecrets, dataDir } = await rested('data directory')
  const before = readFileSync(join(dataDir, 'secret'), 'utf8')

  const replaced = await replaceSecret(config, { newSecretFile: null, agentSecrets, shell })

  expect(replaced.where).toBe('data directory')
  const after = readFileSync(join(dataDir, 'secret'), 'utf8')
  expect(after).toMatch(/^[\w-]{43}$/)
  expect(after).not.toBe(before)
  expect(statSync(join(dataDir, 'secret')).mode & 0o777).toBe(0o600)
  expect(existsSync(join(dataDir, 'secret.next'))).toBe(false)
  expect(await fingerprintIn(environment.DATABASE_URL)).toBe(installationSecret(dataDir, null).fingerprint)
  const server = await starting(environment)
  await server.stop()
})

test('killed between the database and the file: a start says what to do, and a second run finishes it', async () => {
  const { environment, config, agentSecrets, dataDir } = await rested('data directory')
  const to = nextSecret(dataDir)
  await rotateSecret(environment.DATABASE_URL ?? '', {
    from: installationSecret(dataDir, null),
    to,
    entry: ({ at, installation }) =>
      newEntry(
        { ids: randomIds, clock: () => at, workspace: installation },
        {
          type: 'secret.rotated',
          actor: { kind: 'system', id: 'operator', via: 'cli' },
          subject: { kind: 'installation', id: installation },
        },
      ),
  })
  await expect(starting(environment)).rejects.toMatchObject({
    code: 'other_secret',
    fix: expect.stringContaining('countersign secret rotate again'),
  })

  const replaced = await replaceSecret(config, { newSecretFile: null, agentSecrets, shell })

  expect(replaced).toEqual({ rotation: null, where: 'data directory' })
  expect(installationSecret(dataDir, null).fingerprint).toBe(to.fingerprint)
  const server = await starting(environment)
  await server.stop()
})

test('killed before the database: a second run takes the same new secret', async () => {
  const { config, agentSecrets, dataDir } = await rested('data directory')
  const to = nextSecret(dataDir)

  await replaceSecret(config, { newSecretFile: null, agentSecrets, shell })

  expect(installationSecret(dataDir, null).fingerprint).toBe(to.fingerprint)
})

test.each<readonly [string, string | null, string]>([
  ['none where the secret is given', null, 'has to be given, too'],
  ['the one that is in use', old, 'is the one that is in use'],
  ['a short one', 'x'.repeat(42), '43 characters or more'],
  ['one that is not base64url', 'ü'.repeat(43), '43 characters or more'],
])('the new secret: %s is refused, and not repeated', async (_, text, says) => {
  const folder = temporaryDirectory()
  const file = join(folder, 'new-secret')
  if (text !== null) writeFileSync(file, text)
  const config = configOf({
    DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none',
    DATA_DIR: folder,
    COUNTERSIGN_SECRET: old,
  })

  const fault = await replaceSecret(config, {
    newSecretFile: text === null ? null : file,
    agentSecrets: null,
    shell,
  }).catch((thrown: unknown) => thrown)

  expect(String(fault)).toContain(says)
  if (text !== null) expect(String(fault)).not.toContain(text)
})
