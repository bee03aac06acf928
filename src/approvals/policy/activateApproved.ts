import { policyActivation } from '../../core/action.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { NewEntry } from '../../ledger/entry.ts'
import { filesDigest } from '../../policy/format/filesDigest.ts'
import { loadBundle } from '../../policy/load.ts'
import { unsupportedAtActivation } from '../../policyTools/activation/unsupportedAtActivation.ts'
import type { Change } from '../change.ts'
import { newEntry } from '../newEntry.ts'
import type { Ports } from '../ports.ts'
import type { PolicyVersion } from '../records.ts'
import { refreshJob } from '../settle.ts'
import { activation, type NewPolicy, outdatedJobs } from './activatePolicy.ts'
import { isFromTool } from './policyTool.ts'

/** Why an approved change of policy does not happen, for the thread under its card. */
const refusedBecause = {
  not_ours:
    'The request did not come from the policy tool, so what it said about the change was not checked.',
  outdated: 'Another policy was activated since this change was compared with it: propose it again.',
  not_kept: 'The bundle that was approved is not stored.',
  does_not_load: 'This version cannot load the bundle that was approved.',
} as const

/** What became of an approval; `nothing` when there was nothing (more) to do. */
export type Activated = 'activated' | 'nothing' | keyof typeof refusedBecause

/**
 * People have agreed to a change of policy: exactly the files that they were shown become active, tests included, over
 * exactly those they were compared with. Takes effect once, however often the job runs. When it cannot, the entry and the thread say why, and
 * the active policy stays.
 */
export async function activateApproved(ports: Ports, id: string): Promise<Activated> {
  const request = await ports.store.request(id)
  if (request?.action.action !== policyActivation || request.state !== 'approved') return 'nothing'
  const before = await ports.store.activePolicy()
  const found = await findApproved(ports, request, before)
  const change: Change =
    typeof found === 'string'
      ? { entries: [refusedEntry(ports, request, found)] }
      : activation(ports, {
          ...found,
          before,
          actor: { kind: 'system', id: 'policy-tool', via: 'job' },
          request,
        })
  const committed = await ports.store.commit({
    ...change,
    jobs: [...refreshJob(request), ...(typeof found === 'string' ? [] : await outdatedJobs(ports.store))],
    delivery: `activate ${request.id}`,
  })
  // Another policy became active in between: that is judged anew.
  if (committed === 'conflict') return activateApproved(ports, id)
  if (committed === 'duplicate') return 'nothing'
  return typeof found === 'string' ? found : 'activated'
}

/** The bundle that was approved, or why it cannot be activated. */
async function findApproved(
  ports: Ports,
  request: ActionRequest,
  before: PolicyVersion | null,
): Promise<NewPolicy | keyof typeof refusedBecause> {
  const { digest, base_files, files } = request.action.params
  if (!(await isFromTool(ports, request.id))) return 'not_ours'
  if (before?.filesDigest !== base_files) return 'outdated'
  const version = await ports.store.policyFiles(String(files))
  const kept = version && new Map(Object.entries(version.files))
  if (!kept || filesDigest(kept) !== files) return 'not_kept'
  const loaded = loadBundle(kept)
  const usable =
    loaded.ok && loaded.bundle.digest === digest && unsupportedAtActivation(loaded.bundle).length === 0
  return usable ? { bundle: loaded.bundle, files: version.files } : 'does_not_load'
}

function refusedEntry(ports: Ports, request: ActionRequest, why: keyof typeof refusedBecause): NewEntry {
  const saying = {
    type: 'policy.refused',
    actor: { kind: 'system', id: 'policy-tool', via: 'job' },
    subject: { kind: 'policy', id: String(request.action.params.digest) },
    data: { why, says: refusedBecause[why], base: request.action.params.base ?? null },
  } as const
  return newEntry(ports, saying, request)
}
