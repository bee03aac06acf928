import { spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { memberAt } from '../server/member.ts'
import { agentWith, exportBody, temporaryDirectory } from '../server/serve.ts'
import { summedAnew, unpacked } from '../store/packFiles.ts'
import { runCli } from '../support/cliProcess.ts'
import { withClient } from '../support/database.ts'
import { startServerProcess, temporaryDataDir } from '../support/serverProcess.ts'

/** The policy that ships, with Security as its auditors. */
function policyWithAuditors(): string {
  const at = join(temporaryDirectory(), 'policies')
  cpSync('policies', at, { recursive: true })
  appendFileSync(join(at, 'bundle.yaml'), 'auditors: [group:security]\n')
  return at
}

/** A server with a request that people are asked about, and the command line of whoever runs it. */
async function house() {
  const data = temporaryDataDir()
  const environment = { DATA_DIR: data.path, POLICY_DIR: policyWithAuditors(), NO_COLOR: '1' }
  const server = startServerProcess({ PORT: '0', ...environment, LOG_LEVEL: 'warn' })
  onTestFinished(async () => {
    await server.stop('SIGINT')
    data.remove()
  })
  const url = await server.url
  const operator = (...words: readonly string[]) => runCli(environment, ...words)
  const added = await operator('agents', 'add', 'nightly', '--owner', 'lee@acme.test')
  const agent = agentWith(/key +(\S+)/.exec(added.out)?.[1] ?? '')
  let id = ''
  // Until Slack has answered for the first time, what would ask people is refused.
  const asked = async () => {
    const heard = await agent.ask(url, exportBody)
    id = heard.id
    return heard.status
  }
  await expect.poll(asked).toBe(202)
  return { data, server, url, operator, id }
}

/** Entries that are recorded get their places within a second. */
async function sealed({ operator, id }: Awaited<ReturnType<typeof house>>): Promise<string> {
  const look = async () => (await operator('audit', 'request', id)).out
  await expect.poll(look).toMatch(/from \d+ to \d+\./)
  return look()
}

test("an auditor's afternoon: a key, the record of a server, a pack, its verification by Python, and an entry that was changed", async () => {
  const there = await house()
  const { url, operator, id, server, data } = there
  const at = temporaryDirectory()
  const file = (name: string) => join(at, name)

  // What was kept before: by the operator's command, in the auditor's hands.
  const story = await sealed(there)
  expect(story).toMatch(/request\.submitted {3,}agent agt_/)
  writeFileSync(file('checkpoint.txt'), (await operator('audit', 'checkpoint')).out)
  const key = (await operator('audit', 'key')).out.trim()
  const kept = ['--checkpoint', file('checkpoint.txt'), '--key', key]

  // A key of their own, which works when they have said that it is theirs.
  const added = await operator('auditors', 'add', '--person', 'priya@acme.test', '--days', '7')
  expect(added).toMatchObject({ code: 0, err: '' })
  const credential = /COUNTERSIGN_AUDITOR_KEY=(csa_\S+)/.exec(added.out)?.[1] ?? ''
  const auditor = (...words: readonly string[]) =>
    runCli({ COUNTERSIGN_AUDITOR_KEY: credential, DATA_DIR: join(at, 'none'), NO_COLOR: '1' }, ...words)
  const verified = () => auditor('audit', 'verify', '--server', url, ...kept)
  expect(await verified()).toMatchObject({ code: 1, err: expect.stringContaining('has to confirm it') })
  await memberAt(`${url}/sandbox/`, 'U0PRIYA').confirm()
  expect(await verified()).toMatchObject({
    code: 0,
    out: expect.stringMatching(/the ledger still begins with the \d+ entries for which it was signed/),
  })

  // The evidence, verified where there is neither a server nor a database: by ours, and by Python alone.
  const pack = file('evidence.tar.gz')
  expect(await operator('audit', 'export', '--out', pack)).toMatchObject({ code: 0 })
  expect(await auditor('audit', 'verify', '--pack', pack, ...kept)).toMatchObject({ code: 0 })
  const folder = unpacked(pack)
  cpSync('deploy/audit/verify.py', file('verify.py'))
  const python = () =>
    spawnSync('python3', ['-I', file('verify.py'), '--pack', folder, ...kept], { encoding: 'utf8' })
  expect(python()).toMatchObject({ status: 0, stdout: expect.stringContaining('as it was sealed') })

  // An entry of the pack is changed, by somebody who knows how its hashes are listed.
  const entries = join(folder, 'entries.ndjson')
  writeFileSync(entries, readFileSync(entries, 'utf8').replace('"warehouse.users"', '"warehouse.usage"'))
  summedAnew(folder)
  expect(python()).toMatchObject({ status: 2 })

  // One of the database, by its owner, with the guards taken off.
  expect(await server.stop('SIGINT')).toBe(0)
  const database = await startEmbedded({ dataDir: data.path, log: pino({ level: 'silent' }) })
  onTestFinished(() => database.stop())
  const reader = (...words: readonly string[]) =>
    runCli({ DATABASE_URL: database.migrateUrl, NO_COLOR: '1' }, ...words)
  expect(await reader('audit', 'verify', ...kept)).toMatchObject({ code: 0 })
  await withClient(database.migrateUrl, async (client) => {
    await client.query('ALTER TABLE entries DISABLE TRIGGER ALL')
    const { rowCount } = await client.query(
      `UPDATE entries SET text = replace(text, '"via":"api"', '"via":"cli"') WHERE request_id = $1 AND type = 'request.submitted'`,
      [id],
    )
    expect(rowCount).toBe(1)
  })
  const [, index = ''] = /^ *(\d+) .*request\.submitted/m.exec(story) ?? []
  expect(await reader('audit', 'verify', ...kept)).toMatchObject({
    code: 2,
    out: expect.stringContaining(`${index}`),
  })
})
