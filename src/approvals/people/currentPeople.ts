import type { AccountKey, PersonId } from '../../core/identity.ts'
import type { ActionRequest } from '../../core/request.ts'
import type { ReadPorts } from '../ports.ts'
import type { LinkedAccount } from '../records.ts'

/**
 * When two people turn out to be one, the id that is given up is linked to the one that stays, under a key of its own
 * among the accounts. Records made before keep the id they were made with; whoever compares people asks here first.
 */
export function formerPerson(id: PersonId): string {
  return `person:${id}`
}

/** True for the row of an id that was given up: no account that somebody could use. */
export function isFormerPerson(link: LinkedAccount): boolean {
  return link.id.startsWith('person:')
}

/** Who each of these ids is today. One lookup, because linking leaves no chains. */
export async function currentPeople(
  ports: Pick<ReadPorts, 'store'>,
  ids: Iterable<PersonId>,
): Promise<(id: PersonId) => PersonId> {
  const wanted = [...new Set(ids)].map(formerPerson)
  const links = wanted.length > 0 ? await ports.store.accounts(wanted) : []
  const today = new Map(links.map((link) => [link.id, link.person]))
  return (id) => today.get(formerPerson(id)) ?? id
}

/** The request as if it had been made with today's people: for judging and showing, never for writing. */
export async function withCurrentPeople(
  ports: Pick<ReadPorts, 'store'>,
  request: ActionRequest,
): Promise<ActionRequest> {
  const today = await currentPeople(ports, [...peopleIn(request), request.agent.owner])
  return renewed(request, today)
}

/** An account that the person uses now, and its name; null when none is known. */
export async function accountOf(
  ports: Pick<ReadPorts, 'store'>,
  person: PersonId,
): Promise<{ readonly account: AccountKey; readonly name: string } | null> {
  const today = await currentPeople(ports, [person])
  const links = await ports.store.accountsOf(today(person))
  const first = links.find((link) => !isFormerPerson(link))
  return first ? { account: first.id, name: first.name } : null
}

/** Everybody who is behind a request or has done something with it. */
export function peopleIn({
  behind,
  decisions,
  escalations,
  brokenGlass,
}: ActionRequest): readonly PersonId[] {
  return [
    ...[...behind, ...decisions].map((one) => one.person),
    ...escalations.flatMap(({ by }) => (by === 'deadline' ? [] : [by])),
    ...(brokenGlass ? [brokenGlass.person] : []),
    ...(brokenGlass?.review ? [brokenGlass.review.person] : []),
  ]
}

function renewed(request: ActionRequest, today: (id: PersonId) => PersonId): ActionRequest {
  const renew = <T extends { readonly person: PersonId }>(one: T): T => ({
    ...one,
    person: today(one.person),
  })
  return {
    ...request,
    agent: { ...request.agent, owner: today(request.agent.owner) },
    initiator: renew(request.initiator),
    behind: request.behind.map(renew),
    decisions: request.decisions.map(renew),
    escalations: request.escalations.map((one) => ({
      ...one,
      by: one.by === 'deadline' ? one.by : today(one.by),
    })),
    brokenGlass: request.brokenGlass && {
      ...renew(request.brokenGlass),
      review: request.brokenGlass.review && renew(request.brokenGlass.review),
    },
  }
}
