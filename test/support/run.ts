import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Ran } from './cliProcess.ts'

/** Runs a program to its end, with nothing of the caller's environment but the path, the home and npm's cache. */
export async function run(
  words: readonly string[],
  at: { readonly cwd: string; readonly environment?: Readonly<Record<string, string>> },
): Promise<Ran> {
  const [command = '', ...rest] = words
  const { PATH, HOME, npm_config_cache } = process.env
  const child = spawn(command, rest, {
    cwd: at.cwd,
    env: { PATH, HOME, ...(npm_config_cache !== undefined && { npm_config_cache }), ...at.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  const [code] = await once(child, 'close')
  return { code: typeof code === 'number' ? code : null, out, err }
}

/** @throws with everything it printed when it fails */
export async function runWell(...call: Parameters<typeof run>): Promise<Ran> {
  const ran = await run(...call)
  if (ran.code !== 0) throw new Error(`${call[0].join(' ')} ended with ${ran.code}:\n${ran.out}${ran.err}`)
  return ran
}
