import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { startEmbedded } from '../../src/store/embedded.ts'
import { unpacked } from '../store/packFiles.ts'
import { folder, recordingWorld, toldStories } from '../store/packWorld.ts'
import { runCli } from '../support/cliProcess.ts'
import { eventually } from '../support/eventually.ts'
import { temporaryDataDir } from '../support/serverProcess.ts'

/** The address of a database in which something happened. */
async function recordedDatabase(): Promise<string> {
  const data = temporaryDataDir()
  mkdirSync(data.path)
  chmodSync(data.path, 0o711)
  const database = await startEmbedded({ dataDir: data.path, log: pino({ level: 'silent' }) })
  onTestFinished(async () => {
    await database.stop()
    data.remove()
  })
  await toldStories(await recordingWorld(database.migrateUrl))
  return database.migrateUrl
}

const period = ['--from', '2026-11-01', '--to', '2026-12-31'] as const

test('a pack of a period, exported and verified by processes of their own, and by Python after it was unpacked', async () => {
  const environment = { DATABASE_URL: await recordedDatabase(), NO_COLOR: '1' }
  const at = folder()
  const out = join(at, 'evidence.tar.gz')
  const cli = (...words: readonly string[]) => runCli(environment, 'audit', ...words)

  expect(await cli('export', ...period, '--out', out)).toMatchObject({
    code: 0,
    out: expect.stringMatching(/\d+ entries \(0 to \d+\), 5 requests/),
  })
  expect(await cli('export', ...period, '--out', out)).toMatchObject({ code: 1 })
  expect(await cli('export', '--from', '2030-01-01', '--out', join(at, 'none.tar.gz'))).toMatchObject({
    code: 1,
  })
  // Without a database: whoever was given the pack has none.
  const verified = await runCli({ NO_COLOR: '1' }, 'audit', 'verify', '--pack', out)
  expect(verified).toMatchObject({ code: 0, out: expect.stringContaining('Every other file is what') })
  const pack = unpacked(out)
  const python = spawnSync('python3', ['verify.py'], { cwd: pack, encoding: 'utf8' })
  expect(python).toMatchObject({ status: 0, stdout: expect.stringContaining('as it was sealed') })
  expect(readFileSync(join(pack, 'report.html'), 'utf8')).toContain('<h1>Audit report</h1>')
  expect(await cli('verify', '--pack', join(at, 'none.tar.gz'))).toMatchObject({ code: 1 })

  const whole = gunzipSync(readFileSync(out))
  rmSync(pack, { recursive: true })
  rmSync(out)
  const killed = spawn(process.execPath, ['dist/cli/main.js', 'audit', 'export', ...period, '--out', out], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: 'ignore',
  })
  await eventually(() => expect(existsSync(`${out}.part`)).toBe(true))
  killed.kill('SIGKILL')
  await once(killed, 'close')
  expect(existsSync(out)).toBe(false)
  expect(await cli('export', ...period, '--out', out)).toMatchObject({ code: 0 })
  expect(readdirSync(at)).toEqual(['evidence.tar.gz'])
  expect(gunzipSync(readFileSync(out)).equals(whole)).toBe(true)
})
