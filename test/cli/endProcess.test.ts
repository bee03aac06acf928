import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { build } from 'esbuild'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../server/serve.ts'

test('hanging-disk: a process ends though a file system never answers a call; control: without such a call it ends in order', async () => {
  const pipe = join(temporaryDirectory(), 'pipe')
  execFileSync('mkfifo', [pipe])
  const built = await build({
    entryPoints: [new URL('../../src/cli/endProcess.ts', import.meta.url).pathname],
    ...{ bundle: true, write: false, platform: 'node', format: 'esm' },
  })
  const ends = async (before: string) => {
    const code = `${built.outputFiles[0]?.text}\nimport { open } from 'node:fs/promises'\n${before}\nendProcess()`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'ignore' })
    await once(child, 'close')
    return [child.exitCode, child.signalCode]
  }

  // Whoever opens a pipe that nobody writes to waits in a thread, as for a disk that is gone.
  expect(await ends(`open(${JSON.stringify(pipe)}, 'r')`)).toEqual([null, 'SIGKILL'])
  expect(await ends('setInterval(() => undefined, 1_000)'), 'control').toEqual([0, null])
})
