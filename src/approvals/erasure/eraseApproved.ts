import { recordErase } from '../../core/action.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { Actor } from '../../ledger/entry.ts'
import { newEntry, requestEntry } from '../newEntry.ts'
import { currentPeople } from '../people/currentPeople.ts'
import { isFromTool } from '../policy/policyTool.ts'
import type { Ports } from '../ports.ts'
import { refreshJob } from '../settle.ts'
import { type Part, partsOf } from './parts.ts'
import type { Erasable } from './records.ts'
import { surveyOf } from './survey.ts'

/** So often a part is looked for anew because something else moved its request. */
const mostTries = 5

/**
 * People have agreed that something be erased: it is, part by part, each with its entry in the same commit. Whoever is killed half-way
 * goes on with the same job, because what is gone is not found again. When nobody has decided, because policy allows it, or when
 * it has been opened again, nothing is erased and the entry says why.
 */
export async function eraseApproved(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (request?.action.action !== recordErase || request.state !== 'approved') return
  if (!(await isFromTool(ports, id))) return
  const erasable = erasableIn(request)
  const decider = deciderOf(request)
  if (!erasable || !decider) return refused(ports, request, 'nobody_decided')
  try {
    if (await isInvolved(ports, request, erasable)) return await refused(ports, request, 'own_request')
    const isSomething = await eraseAll(ports, { request, erasable, decider })
    if (!isSomething && !(await hasErased(ports, id))) await refused(ports, request, 'nothing_left')
  } catch (refusal) {
    if (!(refusal instanceof Refusal) || refusal.passes) throw refusal
    await refused(ports, request, refusal.code)
  }
}

/** Whether somebody who agreed is behind what would go now: more may have ended since it was asked. */
async function isInvolved(ports: Ports, { decisions, brokenGlass }: ActionRequest, erasable: Erasable) {
  const agreed = [
    ...decisions.filter(({ kind, ended }) => kind === 'approve' && !ended),
    ...(brokenGlass ? [brokenGlass] : []),
  ].map(({ person }) => person)
  const today = await currentPeople(ports, agreed)
  const { about } = await surveyOf(ports, erasable)
  return agreed.some((person) => about.includes(today(person)))
}

interface Approved {
  readonly request: ActionRequest
  readonly erasable: Erasable
  readonly decider: Actor
}

/** Whether this erased anything before it was killed. */
async function hasErased({ store }: Ports, id: string): Promise<boolean> {
  return (await store.entries(id)).some(({ type }) => type === 'record.erased')
}

/** Resolves to whether there was anything. */
async function eraseAll(ports: Ports, approved: Approved): Promise<boolean> {
  let isSomething = false
  for (let nth = 1; nth <= mostTries; nth += 1) {
    const erased = await eraseParts(ports, approved)
    isSomething ||= erased.parts > 0
    if (erased.all) return isSomething
  }
  throw new Refusal('busy', 'what is erased kept changing')
}

/** How many parts went, and whether that was all: not when something moved meanwhile. */
async function eraseParts(ports: Ports, approved: Approved) {
  let parts = 0
  for await (const part of partsOf(ports, approved.erasable)) {
    const committed = await erasePart(ports, approved, part)
    if (committed !== 'applied') return { parts, all: false }
    parts += 1
  }
  return { parts, all: true }
}

function erasePart(ports: Ports, { request, erasable, decider }: Approved, part: Part) {
  const { what, id } = erasable
  const said = newEntry(
    ports,
    {
      type: 'record.erased',
      actor: decider,
      subject: { kind: what, id },
      data: {
        what,
        requests: 0,
        values: part.values.length,
        accounts: part.accounts.length,
        confirmations: part.confirmations.length,
        left_open: part.leftOpen.length,
        asked_by: request.initiator.person,
      },
      kept: { reason: request.reason },
    },
    request,
  )
  const requests = part.requests(said.entry.id, ports.clock().toISOString())
  const entry = { ...said.entry, data: { ...said.entry.data, requests: requests.length } }
  const updated = request.action.params.update_cards === true
  return ports.store.commit({
    accounts: part.accounts,
    confirmations: part.confirmations,
    erasure: { entry: entry.id, requests, values: part.values },
    entries: [{ ...said, entry }],
    jobs: updated ? requests.flatMap(({ next }) => refreshJob(next)) : [],
  })
}

function erasableIn({ action }: ActionRequest): Erasable | null {
  const { erases } = action.params
  return erases === 'request' || erases === 'person' ? { what: erases, id: action.resource.id } : null
}

/** Whoever said the last word: nobody where policy allowed it. */
function deciderOf({ decisions, brokenGlass }: ActionRequest): Actor | null {
  const last = brokenGlass ?? decisions.findLast(({ kind, ended }) => kind === 'approve' && !ended)
  return last ? { kind: 'person', id: last.person, account: last.account, via: last.via } : null
}

async function refused(ports: Ports, request: ActionRequest, why: string): Promise<void> {
  const entry = requestEntry(ports, request, {
    type: 'erasure.refused',
    actor: { kind: 'system', id: 'operator', via: 'job' },
    data: { erases: request.action.resource.id, why },
  })
  await ports.store.commit({ entries: [entry], jobs: refreshJob(request), delivery: `erase ${request.id}` })
}
