import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import type { Period } from '../../src/approvals/evidence/records.ts'
import { reportFigures } from '../../src/approvals/evidence/reportFigures.ts'
import { reportHtml } from '../../src/evidence/report/reportHtml.ts'
import { verifierKey } from '../../src/ledger/note.ts'
import { withRecords } from '../../src/store/ledger/recordedEntries.ts'
import { silent } from './opened.ts'
import { sha256, summedAnew, unpacked } from './packFiles.ts'
import { exported, folder, recordingWorld, toldStories } from './packWorld.ts'
import { tampered } from './sealingWorld.ts'

const verifier = new URL('../../deploy/audit/verify.py', import.meta.url).pathname

function verify(pack: string, ...more: readonly string[]) {
  const { status, stdout } = spawnSync('python3', [verifier, '--pack', pack, ...more], { encoding: 'utf8' })
  return { status, stdout }
}

test('a pack verifies with Python and openssl, and each way of changing it is found, also when its list of hashes is written anew', async () => {
  const there = await recordingWorld()
  const { approved } = await toldStories(there)
  const out = join(folder(), 'evidence.tar.gz')
  await exported(there.open, { out })
  const pack = unpacked(out)
  const edit = (path: string, change: (text: string) => string) => (at: string) =>
    writeFileSync(join(at, path), change(readFileSync(join(at, path), 'utf8')))
  const lineless = (nth: number) => (text: string) =>
    text
      .split('\n')
      .filter((_, at) => at !== nth)
      .join('\n')

  const seen = readdirSync(join(pack, 'requests', approved)).find((name) => name.startsWith('seen-')) ?? ''
  const control = verify(pack)
  expect(control, 'control').toMatchObject({
    status: 0,
    stdout: expect.stringContaining('as it was sealed'),
  })
  const unverified = /NOT VERIFIED: (.*): each is/.exec(control.stdout)?.[1]?.split(', ')
  expect(unverified).toEqual(expect.arrayContaining(['README.md', 'report.html', 'requests/*/story.md']))
  expect(unverified?.filter((path) => /^reports|seen|proof/.test(path))).toEqual([])
  const tamperings: readonly [string, (at: string) => void, RegExp][] = [
    [
      'a leaf',
      edit('entries.ndjson', (text) => text.replace('own_request', 'not_in_leg')),
      /root|proof|prove/,
    ],
    ['a leaf that is gone', edit('entries.ndjson', lineless(10)), /number of entries|missing/],
    [
      'a value',
      edit('values.ndjson', (text) => text.replace('Not today.', 'Fine.')),
      /value reason.*changed/,
    ],
    ['a value that is gone', edit('values.ndjson', lineless(3)), /is missing, and not said to be erased/],
    ['a row', edit('reports/sod.csv', lineless(1)), /sod\.csv is not the table/],
    [
      'a number',
      edit('reports/control-matrix.json', (text) => text.replace('"entries": 5', '"entries": 4')),
      /the entries say 5/,
    ],
    [
      'a proof of another entry',
      (at) =>
        cpSync(join(at, `requests/${approved}/8.tlog-proof`), join(at, `requests/${approved}/10.tlog-proof`)),
      /10\.tlog-proof/,
    ],
    [
      'what is counted',
      edit('reports/definitions.json', (text) => text.replace('own_request', 'x')),
      /not the one that this verify\.py knows/,
    ],
    [
      'what a control does not show',
      edit('reports/control-matrix.json', (text) =>
        text.replace('"does_not_show": "', '"does_not_show": "No'),
      ),
      /other controls or numbers/,
    ],
    [
      'what an approver saw',
      edit(`requests/${approved}/${seen}`, () => 'Nothing at all'),
      /seen-\d+\.txt is not what/,
    ],
    ['the checkpoint', edit('log/checkpoint', (text) => text.replace(/\n\d+\n/, '\n32\n')), /not signed/],
  ]
  for (const [what, change, says] of tamperings) {
    const at = join(folder(), 'pack')
    cpSync(pack, at, { recursive: true })
    change(at)
    expect(verify(at), what).toMatchObject({ status: 2, stdout: expect.stringContaining('was changed') })
    summedAnew(at)
    expect(verify(at), what).toMatchObject({ status: 2, stdout: expect.stringMatching(says) })
  }
  const other = verifierKey({ name: 'acme.test/ledger', publicKey: Buffer.alloc(32) })
  expect(verify(pack, '--key', other)).toMatchObject({ status: 2 })
  expect(verify(pack, '--checkpoint', join(pack, 'log/checkpoint'))).toMatchObject({ status: 0 })
})

test('the same record gives the same tar; a part has only what it is about, and says that it is a part', async () => {
  const there = await recordingWorld()
  const { denied } = await toldStories(there)
  const at = folder()
  await exported(there.open, { out: join(at, 'one.tar.gz') })
  await exported(there.open, { out: join(at, 'two.tar.gz') })
  const part = join(at, 'part.tar.gz')
  await exported(there.open, { out: part, about: { kind: 'request', id: denied } })

  const tar = (name: string) => sha256(gunzipSync(readFileSync(join(at, name))))
  expect(tar('one.tar.gz')).toBe(tar('two.tar.gz'))
  const pack = unpacked(part)
  expect(readdirSync(join(pack, 'requests'))).toEqual([denied])
  expect(readFileSync(join(pack, 'README.md'), 'utf8')).toContain('This pack is a part')
  expect(existsSync(join(pack, 'report.html'))).toBe(false)
  expect(verify(pack)).toMatchObject({ status: 0, stdout: expect.stringContaining('a part (request') })
  expect(readdirSync(at).filter((name) => /spool|\.part/.test(name))).toEqual([])
})

test('the report of a period that is over is the one that the command writes; while it is not, it ends with the last entry', async () => {
  const there = await recordingWorld()
  await toldStories(there)
  const { open } = there
  const { rows } = await open.pool.query<{ index: string; ts: Date }>(
    "SELECT index, ts FROM ledger_leaves JOIN entries ON id = entry_id WHERE type IN ('glass.broken', 'request.expired') ORDER BY index",
  )
  const [since = '', until = ''] = rows.map(({ ts }) => ts.toISOString())
  const end = new Date(Date.parse(until) + 1).toISOString()
  const at = folder()
  const reportIn = async (name: string, period: Period | undefined) => {
    await exported(open, { out: join(at, name), ...(period && { period }) })
    return readFileSync(join(unpacked(join(at, name)), 'report.html'), 'utf8')
  }
  const written = (period: { readonly since: string | null; readonly until: string }) =>
    withRecords({ databaseUrl: open.databaseUrl, log: silent }, async (found) => {
      if (!found) throw new Error('there is a ledger')
      return reportHtml(await reportFigures(found, { period, progress: () => undefined }))
    })

  expect(await reportIn('over.tar.gz', { since, until })).toBe(await written({ since, until }))
  expect(await reportIn('all.tar.gz', undefined)).toBe(await written({ since: null, until: end }))
  const later = '2999-01-01T00:00:00.000Z'
  expect(await reportIn('on.tar.gz', { since, until: later })).toBe(await written({ since, until: end }))
})

test('a period begins in the middle: its requests are told from their beginning, and what was erased says so', async () => {
  const there = await recordingWorld()
  const { emergency } = await toldStories(there)
  await tampered(there.open.pool, 'UPDATE entry_blobs SET salt = NULL, text = NULL WHERE name = $$reason$$')
  const { rows } = await there.open.pool.query<{ index: string; ts: Date }>(
    "SELECT index, ts FROM ledger_leaves JOIN entries ON id = entry_id WHERE type = 'request.expired'",
  )
  const out = join(folder(), 'evidence.tar.gz')
  const since = rows[0]?.ts.toISOString() ?? ''

  const packed = await exported(there.open, { out, period: { since, until: '2027-01-01T00:00:00.000Z' } })

  const pack = unpacked(out)
  expect(packed).toMatchObject({ entries: 1, requests: 1, range: { from: Number(rows[0]?.index) } })
  expect(readdirSync(join(pack, 'requests'))).not.toContain(emergency)
  expect(readFileSync(join(pack, 'values.ndjson'), 'utf8')).toContain('"name":"reason","erased":true')
  expect(verify(pack)).toMatchObject({ status: 0 })
})

test('no evidence is made of a record that does not verify, and nothing is left of the attempt', async () => {
  const there = await recordingWorld()
  await toldStories(there)
  await tampered(
    there.open.pool,
    "UPDATE entries SET text = replace(text, 'own_request', 'not_in_leg') WHERE type = 'decision.refused'",
  )
  const at = folder()

  await expect(exported(there.open, { out: join(at, 'evidence.tar.gz') })).rejects.toThrow(
    /do not make the tree/,
  )
  expect(readdirSync(at)).toEqual([])
})

test('nor of a record in which values were emptied that no entry accounts for; of a part it cannot be known', async () => {
  const there = await recordingWorld()
  const { denied } = await toldStories(there)
  await tampered(there.open.pool, 'UPDATE entry_blobs SET salt = NULL, text = NULL WHERE name = $$reason$$')
  const at = folder()

  await expect(exported(there.open, { out: join(at, 'evidence.tar.gz') })).rejects.toThrow(
    /no entry about an erasure or about retention accounts for/,
  )
  const about = { kind: 'request', id: denied } as const
  await expect(exported(there.open, { out: join(at, 'part.tar.gz'), about })).resolves.toBeDefined()
})

test('told to stop, it leaves no half file', async () => {
  const there = await recordingWorld()
  await toldStories(there)
  const at = folder()
  const stopping = new AbortController()
  stopping.abort(new Error('told to stop'))

  const stopped = exported(there.open, { out: join(at, 'evidence.tar.gz'), signal: stopping.signal })

  await expect(stopped).rejects.toThrow('told to stop')
  expect(readdirSync(at)).toEqual([])
})
