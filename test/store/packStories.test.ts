import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newEntry } from '../../src/approvals/newEntry.ts'
import { verifyPack } from '../../src/cli/evidence/verifyPack.ts'
import type { NewEntry } from '../../src/ledger/entry.ts'
import { bundleFiles } from '../support/testBundle.ts'
import { ask, click, submission } from '../support/world.ts'
import { unpacked } from './packFiles.ts'
import { exported, folder, recordingWorld } from './packWorld.ts'
import { indexes, sealed } from './sealingWorld.ts'

const verifier = new URL('../../deploy/audit/verify.py', import.meta.url).pathname

async function packOf(open: Awaited<ReturnType<typeof recordingWorld>>['open']) {
  const out = join(folder(), 'evidence.tar.gz')
  await exported(open, { out })
  const pack = unpacked(out)
  const { status, stdout } = spawnSync('python3', ['-I', verifier, '--pack', pack], { encoding: 'utf8' })
  expect(stdout).toContain('Everything that was verified is as it was sealed.')
  expect(status).toBe(0)
  expect(await verifyPack(out, { kept: [], key: null })).toMatchObject({ wrong: null, madeAgain: true })
  return (path: string) => readFileSync(join(pack, path), 'utf8')
}

/** The rows of a table, each by the names of its columns; no cell of these has a quote or a line break. */
function rowsOf(csv: string): readonly Readonly<Record<string, string>>[] {
  const [head = [], ...rows] = csv
    .trimEnd()
    .split('\r\n')
    .map((line) => line.slice(1, -1).split('","'))
  return rows.map((row) => Object.fromEntries(row.map((cell, at) => [head[at] ?? '', cell])))
}

/** The policy of the tests with an action that takes a password; `condition` may read it. */
const files = (condition: string) => ({
  ...bundleFiles,
  'actions.yaml': `${bundleFiles['actions.yaml']}  user.create: {effect: write, params: {name: string, password: {type: string, sensitive: true}}}\n`,
  'rules/users.yaml': `
- id: user
  description: New users need the platform leads.
  match: {actions: [user.create]}
  ${condition}
  verdict: require_approval
  require: {approvals: [{name: platform, from: [group:platform-leads], count: 1}]}
`,
})

test.each([
  ['hidden from people', '', false],
  ['control: read by a rule', 'when: params.password != ""', true],
] as const)(
  'a sensitive parameter that is %s stands in the story as people saw it, and can be verified',
  async (_, condition, isShown) => {
    const { open, world } = await recordingWorld(undefined, files(condition))
    const params = { name: 'alice', password: 'hunter2-of-alice' }
    const { id } = await ask(world, 'user.create', submission('user.create', { params }))
    await click(world, id, 'U0GRACE', { seen: 'a new user' })
    await sealed(open)
    const read = await packOf(open)

    for (const path of ['story.md', 'request.json'])
      expect(read(`requests/${id}/${path}`).includes(params.password), path).toBe(isShown)
    expect(read(`requests/${id}/story.md`)).toContain('alice')
    expect(read('values.ndjson')).toContain(params.password)
  },
)

test('sod.csv says what each decision saw, by the hash that its leaf has; what emptied values and what an anchor disputed are counted', async () => {
  const { open, world } = await recordingWorld()
  const { id } = await ask(world, 'deploy.start')
  await click(world, id, 'U0GRACE', { seen: 'a deployment' })
  const said = (entry: Pick<NewEntry['entry'], 'type' | 'data'>) =>
    newEntry(world.ports, {
      ...entry,
      actor: { kind: 'system', id: 'anchoring', via: 'clock' },
      subject: { kind: 'installation', id: world.ports.workspace },
    })
  await open.store.commit({
    entries: [
      said({ type: 'anchor.disputed', data: { anchor: 'vault', why: 'another root' } }),
      said({ type: 'retention.applied', data: { days: 90, before: '2026-01-01', requests: 0, values: 0 } }),
    ],
  })
  await sealed(open)
  const leaves = (await indexes(open.pool)).map(({ text }) => JSON.parse(text))
  const read = await packOf(open)

  const decision = leaves.find(({ type }) => type === 'decision.made')
  const { sha256_salted } = decision.blobs.find(({ name }: { name: string }) => name === 'seen')
  expect(rowsOf(read('reports/sod.csv'))).toMatchObject([{ entry: decision.id, seen: sha256_salted }])
  expect(rowsOf(read('reports/disputed-anchors.csv'))).toMatchObject([
    { anchor: 'vault', why: 'another root' },
  ])
  expect(rowsOf(read('reports/erasures.csv'))).toMatchObject([
    { type: 'retention.applied', values: '0', older_than_days: '90' },
  ])
  const { controls, measures } = JSON.parse(read('reports/control-matrix.json'))
  const entries = (id: string) => measures.find((one: { id: string }) => one.id === id).entries
  expect([entries('retained'), entries('anchors_disputed')]).toEqual([1, 1])
  for (const name of ['AU-9', 'CC7.2', 'A.8.15', 'KSI-MLA-OSM'])
    expect(controls.find((one: { id: string }) => one.id === name).exceptions, name).toContainEqual(
      expect.objectContaining({ table: 'disputed-anchors.csv', rows: 1 }),
    )
})
