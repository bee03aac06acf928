import type { Crowd } from '../../card/crowd.ts'
import {
  accountsIn,
  type OnCallNow,
  type RequestView,
  type ShownPerson,
  type Spared,
} from '../../card/view.ts'
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
  const people = [...view.people].map(
    ([id, known]) => [id, { name: known.name, account: localAccount(known, home) }] as const,
  )
  const onCall = [...(view.onCall ?? [])].map(([address, now]) => [address, localOnCall(now, home)] as const)
  const standIns = view.standIns?.map((one) => ({ ...one, address: localAddress(one.address, home) }))
  return {
    ...view,
    request: {
      ...request,
      requirement: localSets(request.requirement, home),
      escalations: localSets(request.escalations, home),
    },
    people: new Map(people),
    ...(view.onCall && { onCall: new Map(onCall) }),
    ...(standIns && { standIns }),
    ...(view.spared && { spared: localSpared(view.spared, home) }),
    ...(view.lines && { lines: view.lines.map((line) => localView(line, home)) }),
  }
}

/** The same for a card that stands for many. */
export function localCrowd(crowd: Crowd, home: Home | null): Crowd {
  return home === null ? crowd : { ...crowd, needed: localSets(crowd.needed, home) }
}

/** The account by which somebody is mentioned here, where they have one. */
function localAccount(known: ShownPerson, home: Home): string {
  const all = accountsIn(known).map((key) => localAddress(key, home))
  return all.find((key) => key.startsWith('slack:')) ?? all[0] ?? known.account
}

/** An address that no workspace mentions, another one for each. */
function elsewhere(address: string): string {
  return `elsewhere:${address}`
}

/** What policy says of sets of people; nothing that an agent wrote is in it. */
function localSets<T>(value: T, home: Home): T {
  return JSON.parse(JSON.stringify(value), (key, found: unknown) => {
    return (key === 'address' || key === 'mention') && typeof found === 'string'
      ? localAddress(found, home)
      : found
  })
}

/** Of an address as it is written in its own workspace; of an account's key, as it is. */
function localAddress(address: string, home: Home): string {
  if (!address.startsWith('slack:')) return address
  const workspace = workspaceIn(address)
  if (address.split(':').length === 3)
    return home.tenants.includes(workspace ?? '') ? address : elsewhere(address)
  if (workspace !== home.team) return elsewhere(address)
  return address.replace(`slack:${home.team}/`, 'slack:')
}

function isElsewhere(address: string): boolean {
  return address.startsWith(elsewhere(''))
}

/** Nobody else of them can be mentioned here. */
function localOnCall(now: OnCallNow, home: Home): OnCallNow {
  if (now.is !== 'people') return now
  return { ...now, accounts: now.accounts.filter((key) => !isElsewhere(localAddress(key, home))) }
}

/** By the addresses by which the view has its sets. Those of another workspace are only named in any case. */
function localSpared(spared: Spared, home: Home): Spared {
  const here = (account: string) => {
    const address = localAddress(account, home)
    return isElsewhere(address) ? [] : [address]
  }
  return Object.fromEntries(
    Object.entries(spared).flatMap(([address, instead]) =>
      here(address).map((one) => [one, instead.flatMap(here)]),
    ),
  )
}
