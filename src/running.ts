import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

/** What a running server leaves for the command line, in the data directory. */
const shape = z.object({
  pid: z.number(),
  url: z.string(),
  /** How to reach the sandbox's local Slack, or null with a real one. */
  sandbox: z.object({ botToken: z.string(), apiUrl: z.string() }).nullable(),
})

export type Running = z.infer<typeof shape>

/** Readable by its owner only: it holds the sandbox's token. */
export function writeRunning(dataDir: string, running: Running): void {
  writeFileSync(fileIn(dataDir), JSON.stringify(running), { mode: 0o600 })
}

export function forgetRunning(dataDir: string): void {
  rmSync(fileIn(dataDir), { force: true })
}

/** The server that runs on this data directory, or null. A file that a killed server left is not one. */
export function readRunning(dataDir: string): Running | null {
  try {
    const running = shape.parse(JSON.parse(readFileSync(fileIn(dataDir), 'utf8')))
    process.kill(running.pid, 0)
    return running
  } catch {
    return null
  }
}

function fileIn(dataDir: string): string {
  return join(dataDir, 'running.json')
}
