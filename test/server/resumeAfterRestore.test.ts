import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { verifyLedger } from '../../src/approvals/ledger/verifyLedger.ts'
import { linkAccounts } from '../../src/approvals/people/linkAccounts.ts'
import { readCheckpoint } from '../../src/ledger/checkpoint.ts'
import { withParts } from '../../src/server/compose.ts'
import { ledgerAtStart } from '../../src/server/ledgerAtStart.ts'
import { resumeAfterRestore, type Terminal } from '../../src/server/resumeAfterRestore.ts'
import { withKeptLedger } from '../../src/store/ledger/keptLedger.ts'
import { silent } from '../store/opened.ts'
import { recorded } from '../store/sealingWorld.ts'
import { copyOfDatabase, freshDatabase } from '../support/database.ts'
import { configOf, serve, temporaryDirectory } from './serve.ts'
import { openWorkspace } from './workspace.ts'

type Workspace = Awaited<ReturnType<typeof openWorkspace>>

/** A company whose database was lost: a backup, and an anchor that has seen more. */
async function lostDatabase() {
  const workspace = await openWorkspace()
  const directory = temporaryDirectory()
  const anchors = join(directory, 'anchors.yaml')
  mkdirSync(join(directory, 'vault'))
  writeFileSync(
    anchors,
    `anchors:\n  - { name: vault, kind: directory, path: ${join(directory, 'vault')} }\n`,
  )
  const environment = {
    ...workspace.environment,
    COUNTERSIGN_SECRET: 'a'.repeat(43),
    DATA_DIR: join(directory, 'data'),
    ANCHORS_FILE: anchors,
    POLICY_DIR: 'policies',
  }
  const live = await freshDatabase()
  const record = (count: number) =>
    withParts(
      configOf({ ...environment, DATABASE_URL: live }),
      async (parts) => {
        await recorded(parts.store, count)
        const { stopSealing, stopAnchoring } = await ledgerAtStart(parts, { origin: null, log: silent })
        await stopSealing()
        await stopAnchoring()
      },
      { withoutPeople: true },
    )
  await record(2)
  const backup = await copyOfDatabase(live)
  await record(3)
  const restored = { ...environment, DATABASE_URL: backup }
  return { workspace, live, backup, environment: restored, config: configOf(restored) }
}

/** Types the codes that the members find in their direct messages, as they are told or as they like. */
function terminalOf({ slack }: Workspace, members: readonly string[], typed?: string): Terminal {
  const asked = [...members]
  return {
    say: () => undefined,
    ask: async () => {
      const member = asked.shift() ?? ''
      const seen = JSON.stringify(slack.look(member)?.messages ?? {})
      const codes = [...seen.matchAll(/(?:code there|this code): (\d{8})/g)]
      return typed ?? codes.at(-1)?.[1] ?? ''
    },
  }
}

const reason = 'the disk of the database burned'

function kept(databaseUrl: string) {
  return withKeptLedger({ databaseUrl, log: silent }, async (ledger) => {
    if (!ledger) throw new Error('there is one')
    const checkpoint = readCheckpoint(ledger.head.checkpoint)
    if (!checkpoint) throw new Error('the head has a checkpoint')
    return { from: 'the one of before', checkpoint }
  })
}

function verified(databaseUrl: string, checkpoints: Parameters<typeof verifyLedger>[1]['kept']) {
  return withKeptLedger({ databaseUrl, log: silent }, async (ledger) => {
    if (!ledger) throw new Error('there is one')
    return verifyLedger(ledger, { kept: checkpoints, key: null, progress: () => undefined })
  })
}

test('older-database: two people let the ledger go on under its next name, which shows the gap for ever', async () => {
  const { workspace, live, backup, environment, config } = await lostDatabase()
  const before = await kept(live)
  await expect(serve(environment)).rejects.toThrow(/older than an anchor: vault/)

  const resumed = await resumeAfterRestore(
    config,
    { by: 'lee@acme.test', second: 'priya@acme.test', reason },
    terminalOf(workspace, ['U0LEE', 'U0PRIYA']),
  )

  await (await serve(environment)).stop()
  expect(resumed.origin).toBe(`${before.checkpoint.origin}/2`)
  const after = await verified(backup, [before, await kept(backup)])
  expect(after).toMatchObject({
    wrong: null,
    lost: [before],
    resumptions: [
      {
        index: resumed.index,
        size: resumed.index,
        before: before.checkpoint.origin,
        anchored: { anchor: 'vault', size: before.checkpoint.size },
      },
    ],
  })
  expect(await verified(live, [await kept(backup)])).toMatchObject({
    wrong: { what: expect.stringContaining('later name') },
  })
  const lost = { ...environment, DATABASE_URL: live }
  await expect(serve(lost)).rejects.toThrow(/older than an anchor/)
})

test('resume-two-people: one person twice, two accounts of one person, a wrong code: nothing is changed', async () => {
  const { workspace, environment, config } = await lostDatabase()
  const by = 'lee@acme.test'
  const both = ['U0LEE', 'U0PRIYA']

  await expect(
    resumeAfterRestore(config, { by, second: 'U0LEE', reason }, terminalOf(workspace, both)),
  ).rejects.toMatchObject({ code: 'own_request' })
  for (const typed of ['00000000', ''])
    await expect(
      resumeAfterRestore(config, { by, second: 'U0PRIYA', reason }, terminalOf(workspace, both, typed)),
    ).rejects.toThrow(/The code of lee was not given/)
  await expect(
    resumeAfterRestore(
      config,
      { by, second: 'U0PRIYA', reason },
      terminalOf(workspace, ['U0LEE', 'U0LEE', 'U0LEE', 'U0LEE']),
    ),
  ).rejects.toThrow(/The code of priya was not given/)
  await withParts(config, ({ ports }) =>
    linkAccounts(ports, {
      account: { address: 'slack:U0LEE' },
      other: { address: 'slack:U0PRIYA' },
      via: 'test',
      shell: { user: 'test', host: 'test' },
    }),
  )
  await expect(
    resumeAfterRestore(config, { by, second: 'U0PRIYA', reason }, terminalOf(workspace, both)),
  ).rejects.toMatchObject({ code: 'own_request' })

  await expect(serve(environment)).rejects.toThrow(/older than an anchor/)
})

test('a database that goes on from every anchor has nothing to resume, and one that is served is not touched', async () => {
  const { workspace, live, environment } = await lostDatabase()
  const whole = { ...environment, DATABASE_URL: live }
  const command = () =>
    resumeAfterRestore(
      configOf({ ...whole, DATA_DIR: temporaryDirectory() }),
      { by: 'lee@acme.test', second: 'priya@acme.test', reason },
      terminalOf(workspace, ['U0LEE', 'U0PRIYA']),
    )

  await expect(command()).rejects.toThrow(/nothing to resume/)
  const server = await serve(whole)
  await expect(command()).rejects.toThrow(/is at work on this database/)
  await server.stop()
})

test('in the sandbox nobody can decide it, and it says what to do', () => {
  const options = { by: 'lee@acme.test', second: 'priya@acme.test', reason }
  const terminal = { say: () => undefined, ask: async () => '' }

  expect(() => resumeAfterRestore(configOf({}), options, terminal)).toThrow(/In the sandbox/)
})
