import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** The built server, started as a user starts it. */
export interface ServerProcess {
  readonly child: ChildProcess
  /** Resolves to its address once it has said that it is ready. @throws with what it printed when it ends instead */
  readonly url: Promise<string>
  printed(): string
  /** Sends the signal and resolves to the exit code, or null when the signal ended it. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** Where the command line stands that is started, and in which folder. */
export interface Built {
  readonly main: string
  readonly cwd: string
}

const here: Built = { main: join(process.cwd(), 'dist/cli/main.js'), cwd: process.cwd() }

/** Starts `countersign start`; nothing of the caller's environment but the path reaches it. */
export function startServerProcess(
  environment: NodeJS.ProcessEnv,
  { main, cwd }: Built = here,
): ServerProcess {
  const child = spawn(process.execPath, [main, 'start'], {
    cwd,
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  const url = new Promise<string>((resolve, reject) => {
    const listen = (chunk: Buffer) => {
      said += chunk.toString()
      const ready = /ready at (http:\S+)/.exec(said)
      if (ready?.[1]) resolve(ready[1])
    }
    child.stdout?.on('data', listen)
    child.stderr?.on('data', listen)
    child.once('close', (code) => reject(new Error(`the server ended with ${code}:\n${said}`)))
  })
  url.catch(() => {}) // whoever only stops it does not wait for it
  return {
    child,
    url,
    printed: () => said,
    async stop(signal = 'SIGTERM') {
      if (child.exitCode === null && child.signalCode === null) {
        const closed = once(child, 'close')
        child.kill(signal)
        await closed
      }
      return child.exitCode
    },
  }
}

/** A data directory that PostgreSQL's own user can enter, and how to remove it. */
export function temporaryDataDir(): { readonly path: string; remove(): void } {
  const parent = mkdtempSync(join(tmpdir(), 'countersign-data-'))
  chmodSync(parent, 0o711) // else its database is kept elsewhere, where nobody removes it
  return { path: join(parent, 'data'), remove: () => rmSync(parent, { recursive: true, force: true }) }
}
