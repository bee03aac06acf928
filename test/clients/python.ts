import { execFile, spawnSync } from 'node:child_process'
import { resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** Where the Python client is. */
const pythonClient = resolve('clients/python')

/** Why nothing of Python can be tried on this machine, or null. */
export const withoutPython = missing()

function missing(): string | null {
  const asked = spawnSync('python3', ['-c', 'import sys; print(sys.version_info >= (3, 9))'], {
    encoding: 'utf8',
  })
  if (asked.status !== 0) return 'there is no python3 on this machine'
  return asked.stdout.trim() === 'True' ? null : 'python3 on this machine is older than 3.9'
}

/** Runs a program of Python's with our client at hand; nothing is written beside its sources. */
export async function python(args: readonly string[], environment: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env
  const env = { PATH, HOME, PYTHONDONTWRITEBYTECODE: '1', PYTHONPATH: pythonClient, ...environment }
  return run('python3', ['-W', 'error', ...args], { cwd: pythonClient, env, maxBuffer: 2 ** 26 })
}
