import type { Account, PersonId } from '../core/identity.ts'
import { type ActionRequest, effectiveLegs } from '../core/request.ts'
import type { Source } from '../core/requirement.ts'
import { isAllowed } from './inspect.ts'
import { formerIdsIn, isFormerPerson, ownPerson } from './people/currentPeople.ts'
import { mayBreakGlass, mayCloseReview, mayDecide } from './people/eligibility.ts'
import { linkOf } from './people/identify.ts'
import { isAmong } from './people/legs.ts'
import type { Ports } from './ports.ts'
import type { Asking, AskingQuery } from './queries.ts'

/** A part of a list: what comes after one request, and how many at most. */
export interface ListPage {
  readonly before?: string
  readonly most?: number
}

/** More than anybody reads: what is beyond waits behind these. */
const enough = 100

/** What somebody asked for is listed so far back. */
const newest = 20

/** So many are looked through at a time, by whom they ask; and so many of those that ask the viewer are read and judged. */
const pageSizes = { asking: 1_000, judged: 200 } as const

/**
 * Pending requests that this account could decide now, newest first, at most a hundred. Looks through all that are
 * pending, so that a flood of other requests hides nothing (threats: flood).
 */
export function waitingFor(
  ports: Ports,
  account: Account,
  page?: ListPage,
): Promise<readonly ActionRequest[]> {
  return whereAllowed(ports, account, {
    waits: 'decision',
    asks: (request) => effectiveLegs(request).flatMap(({ from }) => from),
    ask: (request) => mayDecide(ports, request, account.key),
    ...page,
  })
}

/** Pending denials by policy that this account could lift now by breaking the glass, newest first. */
export function emergenciesFor(
  ports: Ports,
  account: Account,
  page?: ListPage,
): Promise<readonly ActionRequest[]> {
  return whereAllowed(ports, account, {
    waits: 'decision',
    // A denial has no leg that anybody could fill.
    asks: ({ requirement }) => (requirement?.legs.length === 0 ? (requirement.breakGlass?.who ?? []) : []),
    ask: async (request) =>
      request.verdict.kind === 'deny' && (await mayBreakGlass(ports, request, account.key)) !== null,
    ...page,
  })
}

/** Requests whose glass was broken and whose review this account could close now, newest first. */
export function reviewsFor(
  ports: Ports,
  account: Account,
  page?: ListPage,
): Promise<readonly ActionRequest[]> {
  return whereAllowed(ports, account, {
    waits: 'review',
    asks: (request) => [
      ...effectiveLegs(request).flatMap(({ from }) => from),
      ...(request.requirement?.breakGlass?.who ?? []),
    ],
    ask: (request) => mayCloseReview(ports, request, account.key),
    ...page,
  })
}

/** The newest requests that this account's person is behind, under any id that is theirs by more than a claim. */
export async function askedBy(
  ports: Ports,
  account: Account,
  { before, most = newest }: ListPage = {},
): Promise<readonly ActionRequest[]> {
  return ports.store.requestsBehind(await ownIdsOf(ports, account), {
    limit: most,
    ...(before !== undefined && { before }),
  })
}

/** Every id that is somebody's by more than a claim. */
export async function ownIdsOf(ports: Ports, account: Account): Promise<readonly PersonId[]> {
  const link = await linkOf(ports, account)
  const links = (await ports.store.accountsOf(link.person)).filter(
    (other) => isFormerPerson(other) && other.claimedFrom === link.claimedFrom,
  )
  return [...new Set([ownPerson(link), ...formerIdsIn(links)])]
}

/** How a list is looked for. */
interface Search extends ListPage, Pick<AskingQuery, 'waits'> {
  /** Everybody who is asked, as far as it can be said without looking anybody up. */
  readonly asks: (request: Asking) => readonly Source[]
  /** Whether the viewer may, by the rules. Refuses, or resolves to false, when not. */
  readonly ask: (request: ActionRequest) => Promise<unknown>
}

/**
 * Through all that wait, until there are enough that are allowed. Most ask others: so what says whom they ask is looked
 * through first, and only requests that ask the viewer are read and judged, by the same rules as a click.
 */
async function whereAllowed(
  ports: Ports,
  account: Account,
  { waits, asks, ask, before, most = enough }: Search,
): Promise<readonly ActionRequest[]> {
  const own = await idsOf(ports, account)
  const found: ActionRequest[] = []
  let cursor = before
  let page: readonly Asking[] = []
  do {
    page = await ports.store.asking({
      waits,
      limit: pageSizes.asking,
      ...(cursor !== undefined && { before: cursor }),
    })
    cursor = page.at(-1)?.id
    const others = page.filter(({ behind }) => !behind.some((person) => own.has(person)))
    const asked = await filtered(others, (one) => isAllowed(() => isAmong(ports, asks(one), account.key)))
    for (let at = 0; at < asked.length && found.length < most; at += pageSizes.judged) {
      const requests = await ports.store.requestsOf(
        asked.slice(at, at + pageSizes.judged).map(({ id }) => id),
      )
      found.push(...(await filtered(requests.toReversed(), (one) => isAllowed(() => ask(one)))))
    }
  } while (page.length === pageSizes.asking && found.length < most)
  return found.slice(0, most)
}

/** Every id under which somebody is one person now, claimed links included: they decide on nothing that one of those is behind. */
export async function idsOf(ports: Ports, account: Account): Promise<ReadonlySet<PersonId>> {
  const { person } = await linkOf(ports, account)
  const links = await ports.store.accountsOf(person)
  return new Set([person, ...formerIdsIn(links)])
}

async function filtered<T>(all: readonly T[], ask: (one: T) => Promise<boolean>): Promise<readonly T[]> {
  const answers = await Promise.all(all.map(ask))
  return all.filter((_, nth) => answers[nth])
}
