// The built server in a process of its own, against the local Slack of this one.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { addAgent } from '../dist/approvals/people/agents.js'
import { withParts } from '../dist/server/compose.js'
import { readConfig } from '../dist/server/config.js'

const main = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url))

/** Starts it and waits until it says that it is ready; `seconds` is how long that took. */
export async function startProduct({ dataDir, company }) {
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    PORT: String(company.port),
    HOST: '127.0.0.1',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    ...company.slackEnvironment,
  }
  const began = performance.now()
  const child = spawn(process.execPath, [main, 'start'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => /ready at/.test(String(chunk)) && resolve())
    child.once('close', (code) => reject(new Error(`the server ended with ${code}`)))
  })
  const seconds = (performance.now() - began) / 1_000
  return {
    pid: child.pid,
    seconds,
    async stop() {
      child.kill('SIGTERM')
      await once(child, 'close')
    },
    async addAgents(count) {
      const lee = { email: 'lee@acme.test' }
      return withParts(readConfig(env), async ({ ports }) => {
        const issued = []
        for (let n = 0; n < count; n += 1)
          // As if Lee had confirmed each.
          issued.push(
            await addAgent(
              { ...ports, confirms: false },
              { name: `bench-${n}`, owner: lee, by: lee, via: 'bench' },
            ),
          )
        return issued.map((one) => company.agentWith(one.credential))
      })
    },
  }
}
