import { createHmac } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../src/core/json.ts'
import { type SandboxWarehouse, sandboxWarehouse } from '../../src/server/sandboxWarehouse.ts'
import { type Embedded, startEmbedded } from '../../src/store/embedded.ts'
import { silent } from '../store/opened.ts'
import { withClient } from '../support/database.ts'

const audience = 'http://127.0.0.1:3000'
const of = { installation: 'wsp_1', signer: null }
const action = {
  action: 'db.export',
  resource: { type: 'table', id: 'warehouse.users' },
  params: { table: 'users', columns: ['id', 'email'] },
  environment: 'prod',
}
const databases = ['countersign', 'postgres', 'template1']

let directory: string
let embedded: Embedded
let warehouse: SandboxWarehouse

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'countersign-warehouse-'))
  embedded = await startEmbedded({ dataDir: directory, log: silent })
  await withClient(embedded.migrateUrl, (client) => client.query("CREATE ROLE anybody LOGIN PASSWORD 'x'"))
})
afterAll(async () => {
  await embedded.stop()
  await rm(directory, { recursive: true })
})

const make = (beside = false) => sandboxWarehouse(embedded, { beside, audience, of })

function addressOf(database: string, login: { readonly user: string; readonly password: string }): string {
  const url = new URL(embedded.migrateUrl)
  Object.assign(url, { username: login.user, password: login.password, pathname: `/${database}` })
  return url.href
}

/** SQLSTATE of the refusal, or `entered`. */
const enter = (url: string) =>
  withClient(url, async () => 'entered').catch((fault: { readonly code?: string }) => fault.code)

async function issue(lease: string) {
  const [target] = warehouse.targets
  if (!target) throw new Error('no target')
  const about = target.plan(lease, action)
  const until = new Date(Date.now() + 600_000).toISOString()
  const { credential } = await target.issue({ id: lease, about }, until)
  const { user, password } = credential as JsonObject & { user: string; password: string }
  return { login: { user, password }, end: () => target.end({ id: lease, about }, null) }
}

test('control: before there is a warehouse, every role enters every database', async () => {
  const anybody = { user: 'anybody', password: 'x' }

  for (const database of databases) expect(await enter(addressOf(database, anybody))).toBe('entered')

  warehouse = await make()
  for (const database of [...databases, 'acme_warehouse'])
    expect(await enter(addressOf(database, anybody)), database).toBe('42501')
})

describe('the warehouse', () => {
  test('gives a role that reads the approved columns, enters nothing else, and is gone when it is ended', async () => {
    const { login, end } = await issue('lse_1')

    expect(await warehouse.look(login)).toEqual({
      entered: true,
      columns: ['id', 'email'],
      rows: [
        ['1', 'ada@example.com'],
        ['2', 'grace@example.com'],
        ['3', 'alan@example.com'],
      ],
      refused: ['phone', 'the table orders'],
    })
    for (const database of databases) expect(await enter(addressOf(database, login)), database).toBe('42501')
    await end()
    expect(await warehouse.look(login)).toMatchObject({ entered: false, rows: [] })
    expect(await warehouse.targets[0]?.list()).toEqual([])
  })

  test('is made once: the next start, and a command beside it, find it with what they can end', async () => {
    const { login, end } = await issue('lse_2')

    const again = await make()
    const beside = await make(true)

    expect(await again.look(login)).toMatchObject({ entered: true })
    expect(await beside.targets[0]?.list()).toMatchObject([{ id: 'lse_2' }])
    await end()
  })

  test('has an issuer that its own check finds nothing wrong with', async () => {
    const findings = (await warehouse.targets[0]?.check()) ?? []

    expect(findings.filter(({ ok, look }) => !ok || look)).toEqual([])
  })

  test('says, before people are asked, about as many rows as its example asks for, by a login that can only select', async () => {
    const [previewer] = warehouse.previewers

    expect(previewer?.previews(action)).toBe(true)
    expect(await previewer?.check()).toMatchObject([{ ok: true }])
    expect(await previewer?.preview(action)).toEqual({ tables: ['public.users'], rows: 248_317 })
  })

  test.each(['acme_warehouse_issuer', 'acme_warehouse_preview'])(
    'has a %s that enters it and nothing else',
    async (user) => {
      const key = decodeURIComponent(new URL(embedded.migrateUrl).password)
      const issuer = { user, password: createHmac('sha256', key).update(user).digest('base64url') }

      expect(await enter(addressOf('acme_warehouse', issuer))).toBe('entered')
      for (const database of databases)
        expect(await enter(addressOf(database, issuer)), database).toBe('42501')
    },
  )

  test('leaves the product’s own role where it was', async () => {
    expect(await enter(embedded.url)).toBe('entered')
  })
})
