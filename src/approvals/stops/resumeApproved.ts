import { stopResume } from '../../core/action.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Actor, NewEntry } from '../../ledger/entry.ts'
import type { Change } from '../change.ts'
import { requestEntry } from '../newEntry.ts'
import { isFromTool } from '../policy/policyTool.ts'
import type { Ports } from '../ports.ts'
import { refreshJob } from '../settle.ts'
import { tellingJobs } from './hold.ts'
import type { Stop } from './records.ts'

/** Why an approved resume does nothing. */
type WhyNot = 'unknown_stop' | 'resumed_already' | 'nobody_decided'

/**
 * People have agreed that a stop hold no longer: from this commit on it does not, once, however often the job runs. When it holds no
 * longer already, or nobody has decided because policy allows it, nothing is done and the entry says why.
 */
export async function resumeApproved(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (request?.action.action !== stopResume || request.state !== 'approved') return
  if (!(await isFromTool(ports, id))) return
  const stop = await ports.store.stop(request.action.resource.id)
  const decider = deciderOf(request)
  const change =
    stop && !stop.resumed && decider
      ? resuming(ports, request, { stop, decider })
      : { entries: [refusal(ports, request, whyNot(stop))] }
  const committed = await ports.store.commit({
    ...change,
    jobs: [...refreshJob(request), ...(change.jobs ?? [])],
    delivery: `resume ${id}`,
  })
  if (committed === 'conflict') await resumeApproved(ports, id)
}

function whyNot(stop: Stop | null): WhyNot {
  if (!stop) return 'unknown_stop'
  return stop.resumed ? 'resumed_already' : 'nobody_decided'
}

/** Whoever said the last word: nobody where policy allowed it. */
function deciderOf({ decisions, brokenGlass }: ActionRequest): Actor | null {
  const approvals = decisions.filter(({ kind, ended }) => kind === 'approve' && !ended)
  const last = brokenGlass ?? approvals.at(-1)
  return last ? { kind: 'person', id: last.person, account: last.account, via: last.via } : null
}

function resuming(
  ports: Ports,
  request: ActionRequest,
  { stop, decider }: { readonly stop: Stop; readonly decider: Actor },
): Change {
  const reason = request.reason ?? ''
  const resumed = { by: decider, at: ports.clock().toISOString(), reason }
  const next: Stop = { ...stop, version: stop.version + 1, resumed }
  return {
    stops: [{ expected: stop.version, next }],
    entries: [
      requestEntry(ports, request, {
        type: 'stop.resumed',
        actor: decider,
        data: { stop: stop.id, scope: { ...stop.scope }, asked_by: request.initiator.person },
        kept: { reason },
      }),
    ],
    jobs: tellingJobs(stop),
  }
}

function refusal(ports: Ports, request: ActionRequest, why: WhyNot): NewEntry {
  return requestEntry(ports, request, {
    type: 'resume.refused',
    actor: { kind: 'system', id: 'operator', via: 'job' },
    data: { stop: request.action.resource.id, why },
  })
}
