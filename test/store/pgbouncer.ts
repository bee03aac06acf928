import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client } from 'pg'
import { onTestFinished } from 'vitest'
import { relayTo } from '../support/relay.ts'

export function hasBouncer(): boolean {
  return spawnSync('pgbouncer', ['--version']).status === 0
}

/** A real pgbouncer before a database of the test server, ended with the test. Resolves to the address through it. */
export async function bouncerInFrontOf(
  databaseUrl: string,
  mode: 'session' | 'transaction',
): Promise<string> {
  // By TCP: the test server's socket stands where nobody else may look.
  const target = new URL((await relayTo(databaseUrl)).url)
  const port = await freePort()
  const directory = mkdtempSync(join(tmpdir(), 'countersign-bouncer-'))
  const database = target.pathname.slice(1)
  const password = decodeURIComponent(target.password)
  writeFileSync(
    join(directory, 'bouncer.ini'),
    `[databases]
${database} = host=127.0.0.1 port=${target.port} dbname=${database} user=${target.username} password=${password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
pool_mode = ${mode}
max_client_conn = 200
default_pool_size = 60
`,
  )
  chmodSync(directory, 0o755)
  // It does not run as root.
  const asNobody = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn('pgbouncer', [...asNobody, join(directory, 'bouncer.ini')], { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
    rmSync(directory, { recursive: true, force: true })
  })
  const url = `postgresql://${target.username}@127.0.0.1:${port}/${database}`
  await answers(url)
  return url
}

async function answers(url: string): Promise<void> {
  for (let nth = 0; ; nth += 1) {
    const client = new Client({ connectionString: url })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (nth === 200) throw error
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo // it listens on TCP
      probe.close(() => resolve(port))
    })
  })
}
