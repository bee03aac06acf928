import { approversOf } from '../../card/titles.ts'
import type { RequestView } from '../../card/view.ts'
import type { AccountKey } from '../../core/identity.ts'
import type { ActionRequest } from '../../core/request.ts'
import { accountToTell } from '../people/accountToTell.ts'
import type { Ports } from '../ports.ts'

/** As many people as are told directly of one request; all who approved are called in its thread. */
const mostPeople = 5

/** Who is told that what was done is not what was approved: the agent's owner, and those whose approval it was. */
export async function peopleToTell(ports: Ports, view: RequestView): Promise<readonly AccountKey[]> {
  const { agent } = view.request
  // As the agent has it: it may have been handed over since.
  const { owner } = (await ports.store.agent(agent.id)) ?? agent
  const accounts: AccountKey[] = []
  for (const person of [owner, ...approversOf(view)].slice(0, mostPeople)) {
    const account = await accountToTell(ports, person)
    if (account !== null && !accounts.includes(account)) accounts.push(account)
  }
  return accounts
}

/**
 * Security: those whom the request's emergency path names, else those whom any path of the active policy names, else the
 * conversations where people are asked.
 */
export function securityOf(ports: Ports, { requirement }: ActionRequest): readonly string[] {
  const bundle = ports.policy()
  const own = requirement?.breakGlass?.notify ?? []
  const any = bundle?.rules.flatMap(({ breakGlass }) => breakGlass?.notify ?? []) ?? []
  const asked = requirement?.notify.channels ?? bundle?.defaults.channels ?? []
  const first = [own, any, asked].find((addresses) => addresses.length > 0)
  return [...new Set(first)].sort()
}
