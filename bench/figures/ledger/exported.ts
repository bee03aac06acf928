import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { sha256Time } from '../../ceilings/sha256.ts'
import type { Bench } from '../../figure.ts'
import type { Line } from '../../line.ts'
import type { World } from '../../world/world.ts'

/** Megabytes that an export may hold at most, however long the ledger is. */
const mostMemory = 300

/** Says at its end how much the process held at most, in kilobytes: what the kernel counted, so nothing between two looks is missed. */
const sayPeak = `data:text/javascript,process.on('exit',()=>process.stderr.write('peak '+process.resourceUsage().maxRSS+'\\n'))`

interface Found {
  readonly lines: readonly Line[]
  readonly notes: readonly string[]
}

/** The whole ledger of the database as an evidence pack, and one request of it, each by the command in a process of its own. */
export async function exported(
  { say, closers, stopping }: Bench,
  { world, bytes, request }: { readonly world: World; readonly bytes: number; readonly request: string },
): Promise<Found> {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-export-'))
  closers.add('the exported packs', async () => rmSync(folder, { recursive: true, force: true }))
  const by = { databaseUrl: world.database.url, folder, stopping }
  say('exporting one request')
  const part = await exportOf({ ...by, name: 'part', args: ['--request', request] })
  say('exporting all of it')
  const whole = await exportOf({ ...by, name: 'whole', args: [] })
  rmSync(folder, { recursive: true, force: true })
  return {
    lines: [
      {
        what: `export of ${whole.entries} entries, peak memory of its process`,
        unit: 'MB',
        measured: whole.peak,
        ceiling: { is: 'the same command for one request', value: part.peak },
        target: { bound: 'under', value: mostMemory, of: 'measured' },
      },
      {
        what: `export of ${whole.entries} entries as an evidence pack`,
        unit: 's',
        measured: whole.seconds,
        ceiling: { is: 'SHA-256 of the same bytes', value: sha256Time(bytes) / 1_000 },
      },
    ],
    notes: [`exporting: ${whole.files} files, ${(whole.bytes / 1e6).toFixed(0)} MB packed`],
  }
}

interface Exported {
  readonly entries: number
  readonly files: number
  /** Of the archive. */
  readonly bytes: number
  readonly seconds: number
  /** Megabytes. */
  readonly peak: number
}

async function exportOf({
  databaseUrl,
  folder,
  stopping,
  name,
  args,
}: {
  readonly databaseUrl: string
  readonly folder: string
  readonly stopping: AbortSignal
  readonly name: string
  readonly args: readonly string[]
}): Promise<Exported> {
  const out = join(folder, `${name}.tar.gz`)
  const began = performance.now()
  const child = spawn(
    process.execPath,
    ['--import', sayPeak, resolve('dist/cli/main.js'), 'audit', 'export', '--out', out, ...args],
    {
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, DATABASE_URL: databaseUrl },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal: stopping,
    },
  )
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      said = (said + String(chunk)).slice(-20_000)
    })
  const [code] = await once(child, 'close')
  const [, entries] = /: (\d+) entries/.exec(said) ?? []
  const [, files] = / (\d+) files\./.exec(said) ?? []
  const [, kilobytes] = /^peak (\d+)$/m.exec(said) ?? []
  if (code !== 0 || !entries || !files || !kilobytes)
    throw new Error(`the export ended with ${code}: ${said.trim().slice(-500)}`)
  return {
    ...{ entries: Number(entries), files: Number(files), bytes: statSync(out).size },
    ...{ seconds: (performance.now() - began) / 1_000, peak: Number(kilobytes) / 1_024 },
  }
}
