import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { inFiveMinutes } from '../issuers/contract.ts'
import { exportUsers, fileFor, issuerAt, warehouse } from '../issuers/postgresql/warehouse.ts'
import { freshDatabase, withClient } from '../support/database.ts'
import { serve, temporaryDirectory } from './serve.ts'

async function configured(text: string, databaseUrl: string) {
  const directory = temporaryDirectory()
  const file = join(directory, 'credentials.yaml')
  writeFileSync(file, text)
  return { DATABASE_URL: databaseUrl, DATA_DIR: join(directory, 'data'), CREDENTIALS_FILE: file }
}

test('a server that starts ends the role that a killed one left, and leaves that of another installation', async () => {
  const databaseUrl = await freshDatabase()
  const { url } = await warehouse()
  const environment = await configured(fileFor(url), databaseUrl)
  const first = await serve(environment)
  const { rows } = await withClient(databaseUrl, (client) => client.query('SELECT id FROM installation'))
  await first.stop()
  const [left, others] = [issuerAt(url, rows[0].id), issuerAt(url, 'wsp_other')]
  for (const [issuer, lease] of [
    [left, 'lse_left'],
    [others, 'lse_others'],
  ] as const)
    await issuer.issue({ id: lease, about: issuer.plan(lease, exportUsers) }, inFiveMinutes())

  await serve(environment)

  await expect.poll(() => left.list()).toEqual([])
  expect(await others.list()).toHaveLength(1)
  for (const found of (await others.list()) ?? []) await others.end(found, null)
})

test('a file that is wrong stops the start, with the place and without what stands there', async () => {
  const databaseUrl = await freshDatabase()
  const text = fileFor('postgresql://issuer:secret-word@db/x').replace('[SELECT]', '[EVERYTHING]')
  const environment = await configured(text, databaseUrl)

  const fault = await serve(environment).catch((thrown: unknown) => thrown)

  expect(fault).toMatchObject({ name: 'StartFault', message: expect.stringContaining('13:22') })
  expect(String(fault)).not.toContain('secret-word')
})

test('a file that is not there stops the start', async () => {
  const environment = await configured('', await freshDatabase())

  await expect(
    serve({ ...environment, CREDENTIALS_FILE: '/nowhere/credentials.yaml' }),
  ).rejects.toMatchObject({
    name: 'StartFault',
    message: expect.stringContaining('/nowhere/credentials.yaml'),
  })
})
