import type { People, RequestView } from '../../card/view.ts'
import { isTeams, tenantIn } from '../address.ts'

/** A view as it is drawn in one tenant: accounts of others can only be named. */
export function localView(view: RequestView, tenant: string): RequestView {
  return {
    ...view,
    people: localPeople(view.people, tenant),
    ...(view.lines && { lines: view.lines.map((line) => localView(line, tenant)) }),
  }
}

export function localPeople(people: People, tenant: string): People {
  return new Map(
    [...people].map(([id, known]) => {
      const isElsewhere = isTeams(known.account) && tenantIn(known.account) !== tenant
      return [id, isElsewhere ? { ...known, account: `elsewhere:${known.account}` } : known] as const
    }),
  )
}
