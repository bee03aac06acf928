import { accountsIn, type People, type RequestView, type ShownPerson } from '../../card/view.ts'
import { isTeams, tenantIn } from '../address.ts'

/** A view as it is drawn in one tenant: people are known by their accounts there, and accounts of others can only be named. */
export function localView(view: RequestView, tenant: string): RequestView {
  return {
    ...view,
    people: localPeople(view.people, tenant),
    ...(view.lines && { lines: view.lines.map((line) => localView(line, tenant)) }),
  }
}

export function localPeople(people: People, tenant: string): People {
  return new Map([...people].map(([id, known]) => [id, localPerson(known, tenant)]))
}

function localPerson(known: ShownPerson, tenant: string): ShownPerson {
  const accounts = accountsIn(known).filter((key) => !isTeams(key) || tenantIn(key) === tenant)
  const account = accounts.find(isTeams) ?? accounts[0] ?? `elsewhere:${known.account}`
  return { ...known, account, accounts }
}
