import type { RequestView, Spared } from '../../card/view.ts'
import { workspaceIn } from '../address.ts'

/** The workspace that something is drawn for, where there are several. */
export interface Home {
  /** As addresses name it; null for the first. */
  readonly team: string | null
  /** The ids that homes of its people have in their keys: the workspace's, and its organisation's. */
  readonly tenants: readonly string[]
}

/**
 * A view as it is drawn in one workspace: its own sets and people are mentioned, those of another are named, because
 * Slack shows nobody by an id of another workspace. Null: there is only one, and everything is of it.
 */
export function localView(view: RequestView, home: Home | null): RequestView {
  if (home === null) return view
  const { request } = view
  const people = [...view.people].map(([id, known]) => {
    const isHere = home.tenants.includes(workspaceIn(known.account) ?? '')
    return [id, isHere ? known : { ...known, account: elsewhere }] as const
  })
  return {
    ...view,
    request: {
      ...request,
      requirement: localSets(request.requirement, home),
      escalations: localSets(request.escalations, home),
    },
    people: new Map(people),
    ...(view.spared && { spared: localSpared(view.spared, home) }),
    ...(view.lines && { lines: view.lines.map((line) => localView(line, home)) }),
  }
}

/** An address that no workspace mentions. */
const elsewhere = 'elsewhere'

/** What policy says of sets of people; nothing that an agent wrote is in it. */
function localSets<T>(value: T, home: Home): T {
  return JSON.parse(JSON.stringify(value), (key, found: unknown) => {
    return key === 'address' && typeof found === 'string' ? localAddress(found, home) : found
  })
}

function localAddress(address: string, home: Home): string {
  if (!address.startsWith('slack:')) return address
  if (workspaceIn(address) !== home.team) return elsewhere
  return address.replace(`slack:${home.team}/`, 'slack:')
}

/** By the addresses by which the view has its sets. */
function localSpared(spared: Spared, home: Home): Spared {
  const local = (address: string) => localAddress(address, home)
  return Object.fromEntries(
    Object.entries(spared).map(([address, instead]) => [local(address), instead.map(local)]),
  )
}
