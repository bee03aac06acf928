import type { AccountKey } from '../../core/identity.ts'
import type { Ports } from '../ports.ts'
import type { ToldRequest } from '../queries.ts'
import type { LinkedAccount } from '../records.ts'
import { formerPerson, peopleIn } from './currentPeople.ts'

/**
 * Ports that know who is who around a request, by one reading when somebody first asks, and who its agent is, as it was told; of
 * everything else they ask the store. An account that was not there is asked for again, because somebody may be about to add it. For
 * one judgement, or one showing: `accounts` are those whose people have to do with it, too.
 */
export function asTold<P extends Pick<Ports, 'store'>>(
  ports: P,
  told: Pick<ToldRequest, 'request' | 'agent'>,
  accounts: readonly AccountKey[] = [],
): P {
  const { store } = ports
  let reading: Promise<Around> | null = null
  const around = (): Promise<Around> => {
    reading ??= readAround(ports, told, accounts)
    return reading
  }
  const read = async (ids: readonly string[]): Promise<readonly LinkedAccount[]> => {
    const { links, byId, people } = await around()
    const isKnown = (id: string) => byId.has(id) || people.some((one) => formerPerson(one) === id)
    return ids.every(isKnown) ? links.filter(({ id }) => ids.includes(id)) : store.accounts(ids)
  }
  return {
    ...ports,
    store: {
      ...store,
      accounts: read,
      account: async (id) => (await around()).byId.get(id) ?? store.account(id),
      async accountsOf(...these) {
        const { links, people } = await around()
        const areKnown = these.every((one) => people.includes(one))
        return areKnown ? links.filter(({ person }) => these.includes(person)) : store.accountsOf(...these)
      },
      agent: async (idOrName) => (told.agent?.id === idOrName ? told.agent : store.agent(idOrName)),
    },
  }
}

/** All rows of `people`, and those that say for whom else one of them stands. */
interface Around {
  readonly links: readonly LinkedAccount[]
  readonly byId: ReadonlyMap<string, LinkedAccount>
  readonly people: readonly string[]
}

async function readAround(
  { store }: Pick<Ports, 'store'>,
  { request, agent }: Pick<ToldRequest, 'request' | 'agent'>,
  accounts: readonly AccountKey[],
): Promise<Around> {
  const owners = [request.agent.owner, ...(agent ? [agent.owner] : [])]
  const people = [...new Set([...peopleIn(request), ...owners, request.initiator.person])]
  const links = await store.accountsAround(people, accounts)
  const byId = new Map(links.map((link) => [link.id, link]))
  return { links, byId, people: [...new Set([...people, ...links.map(({ person }) => person)])] }
}
