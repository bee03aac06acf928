import { makeStop } from '../../src/approvals/stops/make.ts'
import type { Stop } from '../../src/approvals/stops/records.ts'
import { resumeStop } from '../../src/approvals/stops/resume.ts'
import type { WantedScope } from '../../src/approvals/stops/scope.ts'
import type { ActionRequest } from '../../src/core/request.ts'
import { testChannel } from './channel.ts'
import { shell } from './claims.ts'
import { jobsAtWork } from './jobsAtWork.ts'
import { memoryStore } from './memoryStore.ts'
import { bundleFiles, testBundle } from './testBundle.ts'
import { testWorld, type WorldOptions } from './world.ts'

const security = `  verdict: require_approval
  require:
    approvals: [{name: security, from: [group:security], count: 1}]
`

/** The policy of the tests, which asks Security about resuming, unless another verdict is given. */
export function stoppingPolicy(verdict = security) {
  return testBundle({
    ...bundleFiles,
    'actions.yaml': `${bundleFiles['actions.yaml']}  stop.resume: {effect: write, params: open}\n`,
    'rules/stops.yaml': `
- id: stop.resume
  description: Resuming a stop needs Security.
  match: {actions: [stop.resume]}
${verdict}`,
  })
}

export const everything = { kind: 'everything' } as const
const operator = { kind: 'system', id: 'operator', via: 'cli' } as const

/** A world in which things are stopped and resumed, with the jobs at work. */
export async function stoppingWorld(options: Pick<WorldOptions, 'policy' | 'confirms'> = {}) {
  const store = memoryStore()
  const policy = options.policy === undefined ? stoppingPolicy() : options.policy
  const world = await testWorld({ store, policy, ...(options.confirms && { confirms: true }) })
  const { ports, clock } = world
  const channel = testChannel()
  const { runDue } = jobsAtWork({ ports, store, channel, clock })

  const stop = async (what: WantedScope, reason = 'It exports too much'): Promise<Stop> => {
    const made = await makeStop(ports, { what, reason, by: operator })
    if (!made) throw new Error('nothing was stopped')
    return made
  }
  const askToResume = async ({ id }: Pick<Stop, 'id'>, by = 'noor'): Promise<ActionRequest> => {
    const asked = await resumeStop(ports, {
      stop: id,
      by: { email: `${by}@acme.test` },
      reason: 'The exporter is fixed',
      via: 'cli',
      shell,
    })
    if (asked.outcome !== 'asked') throw new Error('nobody was asked')
    return asked.request
  }
  return { world, ports, store, clock, channel, runDue, stop, askToResume }
}
