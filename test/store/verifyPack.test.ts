import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type PackKept, verifyPack } from '../../src/cli/evidence/verifyPack.ts'
import { verifyPackCommand } from '../../src/cli/evidence/verifyPackCommand.ts'
import { readVerifierKey } from '../../src/ledger/note.ts'
import { repacked, summedAnew, unpacked } from './packFiles.ts'
import { exported, folder, recordingWorld, toldStories } from './packWorld.ts'
import { keptOf } from './resumedWorld.ts'
import { recorded, sealed } from './sealingWorld.ts'

const nothing: PackKept = { kept: [], key: null }

const packed = (pack: string) => repacked(pack, folder())

test('a pack verifies without server and database, and each way of changing it is found, also when its list of hashes is written anew', async () => {
  const there = await recordingWorld()
  const { approved } = await toldStories(there)
  const out = join(folder(), 'evidence.tar.gz')
  await exported(there.open, { out })
  const pack = unpacked(out)
  const checkpoint = readFileSync(join(pack, 'log/checkpoint'), 'utf8')
  const key = readVerifierKey(readFileSync(join(pack, 'keys/ledger.txt'), 'utf8').trim())
  const edit = (path: string, change: (text: string) => string) => (at: string) =>
    writeFileSync(join(at, path), change(readFileSync(join(at, path), 'utf8')))

  expect(await verifyPack(packed(pack), { kept: [keptOf('mine', checkpoint)], key })).toMatchObject({
    wrong: null,
    madeAgain: true,
  })
  const own = `requests/${approved}`
  const tamperings: readonly [string, (at: string) => void, RegExp][] = [
    ['a leaf', edit('entries.ndjson', (text) => text.replace('own_request', 'not_in_leg')), /does not prove/],
    [
      'a value',
      edit('values.ndjson', (text) => text.replace('Not today.', 'Fine.')),
      /value reason.*changed/,
    ],
    [
      'a story',
      edit(`${own}/story.md`, (text) => text.replace('approved', 'denied')),
      /story\.md is not what/,
    ],
    [
      'a table',
      edit('reports/population.csv', (text) => text.replace('expired', 'denied')),
      /population\.csv/,
    ],
    [
      'a number',
      edit('reports/control-matrix.json', (text) => text.replace('"entries": 5', '"entries": 4')),
      /matrix/,
    ],
    [
      'the way it is counted',
      edit('reports/definitions.json', (text) => text.replace('own_request', 'x')),
      /definitions/,
    ],
    [
      'the verifier',
      edit('verify.py', (text) => text.replace('return WRONG', 'return SOUND')),
      /verify\.py is not/,
    ],
    ['what it says of itself', edit('README.md', (text) => text.replace('Period', 'Time')), /README\.md/],
    ['the report', edit('report.html', (text) => text.replace('break', 'brake')), /report\.html is not/],
    ['a policy', edit('policy/history.json', (text) => text.replace('startup', 'nobody')), /history/],
    [
      'a proof',
      (at) => cpSync(join(at, own, '8.tlog-proof'), join(at, own, '10.tlog-proof')),
      /10\.tlog-proof/,
    ],
  ]
  for (const [what, change, says] of tamperings) {
    const at = join(folder(), 'pack')
    cpSync(pack, at, { recursive: true })
    change(at)
    expect((await verifyPack(packed(at), nothing)).wrong, what).not.toBeNull()
    summedAnew(at)
    expect((await verifyPack(packed(at), nothing)).wrong?.what, what).toMatch(says)
  }
})

test('another key, a checkpoint of another record and a file that was put in are found', async () => {
  const there = await recordingWorld()
  await toldStories(there)
  const out = join(folder(), 'evidence.tar.gz')
  await exported(there.open, { out })
  const other = await recordingWorld()
  const signer = await sealed(other.open)
  const otherPack = join(folder(), 'other.tar.gz')
  await recorded(other.open, 40)
  await sealed(other.open)
  await exported(other.open, { out: otherPack })
  const elsewhere = readFileSync(join(unpacked(otherPack), 'log/checkpoint'), 'utf8')
  const pack = unpacked(out)
  writeFileSync(join(pack, 'reports/more.csv'), 'nothing')
  writeFileSync(
    join(pack, 'SHA256SUMS'),
    `${readFileSync(join(pack, 'SHA256SUMS'), 'utf8')}${'0'.repeat(64)}  reports/more.csv\n`,
  )
  summedAnew(pack)

  expect((await verifyPack(out, { kept: [], key: signer })).wrong?.what).toMatch(/another key/)
  expect((await verifyPack(out, { kept: [keptOf('theirs', elsewhere)], key: null })).wrong?.what).toMatch(
    /not signed with the key/,
  )
  expect((await verifyPack(packed(pack), nothing)).wrong).not.toBeNull()
  writeFileSync(out, readFileSync(out).subarray(0, 4_000))
  expect((await verifyPack(out, nothing)).wrong?.what).toMatch(/cannot be read/)
})

test('a part, and a period in the middle of a longer record, verify; also against a checkpoint from inside the period', async () => {
  const there = await recordingWorld()
  const early = await recorded(there.open, 300)
  await sealed(there.open)
  const inside = (
    await there.open.ledger.begin(() => {
      throw new Error('there is one')
    })
  ).head.checkpoint
  const { denied } = await toldStories(there)
  await recorded(there.open, 5)
  await sealed(there.open)
  const at = folder()
  const period = { since: '2026-11-24T14:00:00.000Z', until: '2026-11-24T14:00:00.001Z' }
  await exported(there.open, { out: join(at, 'period.tar.gz'), period })
  const late = { since: '2026-11-24T14:00:01.000Z', until: '2027-01-01T00:00:00.000Z' }
  await exported(there.open, { out: join(at, 'late.tar.gz'), period: late })
  await exported(there.open, { out: join(at, 'part.tar.gz'), about: { kind: 'request', id: denied } })

  expect(early.length).toBe(300)
  const whole = await verifyPack(join(at, 'period.tar.gz'), { kept: [keptOf('mine', inside)], key: null })
  expect(whole).toMatchObject({ wrong: null, madeAgain: true })
  const pack = unpacked(join(at, 'late.tar.gz'))
  expect(readFileSync(join(pack, 'README.md'), 'utf8')).toContain('its figures count from entry 0')
  rmSync(join(pack, 'report.html'))
  summedAnew(pack)
  expect((await verifyPack(packed(pack), nothing)).wrong?.what).toBe('report.html is missing from the pack.')
  expect(await verifyPack(join(at, 'part.tar.gz'), nothing)).toMatchObject({ wrong: null, entries: 5 })
})

test('a pack does not choose by its version how strictly it is verified: what is prose is not verified then, and it says so', async () => {
  const there = await recordingWorld()
  const { approved, denied } = await toldStories(there)
  const out = join(folder(), 'evidence.tar.gz')
  await exported(there.open, { out })
  const pack = unpacked(out)
  const seen = readdirSync(join(pack, 'requests', approved)).find((name) => name.startsWith('seen-')) ?? ''
  const foreign = (path: string | null, change: (text: string) => string) => {
    const at = join(folder(), 'pack')
    cpSync(pack, at, { recursive: true })
    const edit = (name: string, to: (text: string) => string) =>
      writeFileSync(join(at, name), to(readFileSync(join(at, name), 'utf8')))
    edit('manifest.json', (text) => text.replace(/"version": "[^"]+"/, '"version": "0.0.9"'))
    edit('README.md', (text) => text.replace(/Made by Countersign [^ ]+/, 'Made by Countersign 0.0.9'))
    if (path !== null && !existsSync(join(at, path)))
      writeFileSync(
        join(at, 'SHA256SUMS'),
        `${readFileSync(join(at, 'SHA256SUMS'), 'utf8')}${'0'.repeat(64)}  ${path}\n`,
      )
    if (path !== null)
      writeFileSync(
        join(at, path),
        change(existsSync(join(at, path)) ? readFileSync(join(at, path), 'utf8') : ''),
      )
    summedAnew(at)
    return packed(at)
  }
  const story = foreign(`requests/${denied}/story.md`, (text) => text.replaceAll('denied', 'approved'))

  expect(await verifyPackCommand(out, { ...nothing, accepted: [] }), 'control').toBe(0)
  expect(await verifyPackCommand(foreign(null, String), { ...nothing, accepted: [] })).toBe(1)
  expect(await verifyPackCommand(story, { ...nothing, accepted: [] })).toBe(1)
  for (const [path, change] of [
    [`requests/${approved}/${seen}`, () => 'Nothing at all, harmless'],
    [`requests/${denied}/decisions.json`, (text: string) => text.replace('"deny"', '"approve"')],
    ['reports/definitions.json', (text: string) => text.replace('own_request', 'x')],
    [
      'reports/control-matrix.json',
      (text: string) => text.replace('"does_not_show": "', '"does_not_show": "No'),
    ],
    ['reports/sod.csv', (text: string) => text.replace('approve', 'deny')],
    ['reports/more.csv', () => 'nothing'],
  ] as const) {
    const { wrong } = await verifyPack(foreign(path, change), nothing)
    expect(wrong?.what, path).toMatch(path)
  }
})
