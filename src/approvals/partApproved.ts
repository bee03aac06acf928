import { peopleUnlink } from '../core/action.ts'
import { samePerson } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Change } from './change.ts'
import { requestEntry } from './newEntry.ts'
import { dropped } from './people/askToConfirm.ts'
import { currentPerson } from './people/currentPeople.ts'
import { type Parting, parted, partingOf } from './people/parting.ts'
import { isFromTool } from './policy/policyTool.ts'
import type { Ports } from './ports.ts'
import { refreshJob } from './settle.ts'

/**
 * People have agreed that accounts are two people’s: they are parted, once, however often the job runs. Requests from before
 * keep the joined person behind them. When the accounts are not joined any more as people read it, nothing is done and the
 * thread says so.
 */
export async function partApproved(ports: Ports, id: string): Promise<void> {
  const request = await ports.store.request(id)
  if (request?.action.action !== peopleUnlink || request.state !== 'approved') return
  if (!(await isFromTool(ports, id))) return
  const parting = await stillJoined(ports, request)
  const change = parting ? await partingChange(ports, request, parting) : refusal(ports, request)
  const committed = await ports.store.commit({
    ...change,
    jobs: [...refreshJob(request), ...(change.jobs ?? [])],
    delivery: `part ${id}`,
  })
  if (committed === 'conflict') await partApproved(ports, id)
}

/** Null when it is not what people agreed to: judged at the moment of effect. */
async function stillJoined(ports: Ports, { action }: ActionRequest): Promise<Parting | null> {
  const { account, was } = action.params
  try {
    const parting = await partingOf(ports, String(account))
    const shown = await currentPerson(ports, action.resource.id)
    return samePerson(parting.person, shown) && parting.was === was ? parting : null
  } catch (fault) {
    if (fault instanceof Refusal) return null
    throw fault
  }
}

async function partingChange(ports: Ports, request: ActionRequest, parting: Parting): Promise<Change> {
  const id = parting.was ?? ports.ids.next('per')
  const { goes, person } = parting
  const about = await ports.store.confirmationsAbout(person)
  const links = dropped(about.filter(({ what }) => what.kind === 'link' && what.from === parting.was))
  return {
    ...links,
    accounts: parted(parting, { id, at: ports.clock().toISOString(), name: goes[0]?.name ?? '' }),
    entries: [
      requestEntry(ports, request, {
        type: 'person.unlinked',
        actor: { kind: 'system', id: 'operator', via: 'job' },
        data: { from: person, to: id, accounts: goes.map((link) => link.id) },
      }),
    ],
  }
}

function refusal(ports: Ports, request: ActionRequest): Change {
  const entry = requestEntry(ports, request, {
    type: 'parting.refused',
    actor: { kind: 'system', id: 'operator', via: 'job' },
    data: { why: 'joined_otherwise' },
  })
  return { entries: [entry] }
}
