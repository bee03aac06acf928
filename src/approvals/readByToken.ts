import { factsWith } from '../card/declared.ts'
import { shownDigest } from '../card/masked.ts'
import { seenDigest } from '../card/seen.ts'
import type { RequestView } from '../card/view.ts'
import type { Digest } from '../core/digest.ts'
import type { Account } from '../core/identity.ts'
import { Refusal, type RefusalCode } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { isDecidedElsewhere } from '../core/set.ts'
import { whyNotStaff } from '../core/staff.ts'
import { isAllowed, story, viewOf } from './inspect.ts'
import { askedBy, waitingFor } from './lists.ts'
import { orRefuse } from './people/askDirectory.ts'
import { mayDecide, mayTakeBackGlass, mayWithdraw } from './people/eligibility.ts'
import { accountOrNobody } from './people/humans.ts'
import type { Ports } from './ports.ts'
import type { PersonalToken } from './records.ts'
import { shownWith } from './sets/members.ts'
import { refuseStopped } from './stops/refuse.ts'
import { refuseOtherWays } from './ways.ts'

/** What can be decided by a personal token. */
export const tokenVerbs = ['approve', 'deny', 'withdraw'] as const

export type TokenVerb = (typeof tokenVerbs)[number]

/** A request as one person may see it, and what they can do about it by their token now. */
export interface PersonalView {
  readonly view: RequestView
  /** The digest by which people compare the action, and the text that they have to be shown, with its own. */
  readonly digest: Digest
  readonly seen: string
  readonly seenDigest: Digest
  /** The legs that they would fill. */
  readonly legs: readonly string[]
  readonly may: readonly TokenVerb[]
  /** Why they can neither approve nor deny it; null when they can, or when nobody can any more. */
  readonly refused: RefusalCode | null
}

/** Which of somebody's lists: what waits for them, or what they are behind. */
export interface PersonalQuery {
  readonly list: 'waiting' | 'asked'
  readonly limit: number
  /** Only requests whose id sorts before this one. */
  readonly before?: string
}

/** What people read by their tokens. */
export interface PersonReader {
  /** @throws Refusal `unknown_request`, `not_staff`, `directory_unavailable` */
  show(token: PersonalToken, id: string): Promise<PersonalView>
  /** A page, newest first. @throws Refusal `not_staff`, `directory_unavailable` */
  list(token: PersonalToken, query: PersonalQuery): Promise<readonly PersonalView[]>
}

/** The same visibility as in their channel, judged by the directory of now. */
export function createPersonReader(ports: Ports): PersonReader {
  return {
    async show(token, id) {
      const account = await staffOf(ports, token)
      const { view } = await story(ports, id, account)
      return personalView(ports, account, view)
    },
    async list(token, { list, limit, before }) {
      const account = await staffOf(ports, token)
      const page = { most: limit, ...(before !== undefined && { before }) }
      const found = await (list === 'waiting' ? waitingFor : askedBy)(ports, account, page)
      const views = await Promise.all(found.map((one) => viewOf(ports, one)))
      return Promise.all(views.map((view) => personalView(ports, account, view)))
    },
  }
}

/** The text of an action that somebody has to be shown before they decide about it by a token. */
export async function textToSee(ports: Pick<Ports, 'store'>, request: ActionRequest): Promise<string> {
  return factsWith(request, await shownWith(ports, request)).text
}

/** Whose token it is, as they are now. @throws Refusal `not_staff`, `directory_unavailable` */
export async function staffOf(
  { directory }: Pick<Ports, 'directory'>,
  { account }: Pick<PersonalToken, 'account'>,
): Promise<Account> {
  const found = await orRefuse('directory_unavailable', () => accountOrNobody(directory, account))
  if (found === null || whyNotStaff(found) !== null)
    throw new Refusal('not_staff', 'the person of the token is not staff any more')
  return found
}

async function personalView(ports: Ports, account: Account, view: RequestView): Promise<PersonalView> {
  const request = await ports.store.request(view.request.id)
  if (!request) throw new Refusal('unknown_request', 'the request is gone')
  const seen = await textToSee(ports, request)
  const { legs, may, refused } = await votesOf(ports, request, account)
  const takesBack = await isAllowed(() => mayTakeBack(ports, request, account))
  return {
    view,
    digest: shownDigest(request).digest,
    seen,
    seenDigest: seenDigest(seen),
    legs,
    may: takesBack ? [...may, 'withdraw'] : may,
    refused,
  }
}

/** As the verb would judge it: it judges again. */
async function votesOf(
  ports: Ports,
  request: ActionRequest,
  account: Account,
): Promise<Pick<PersonalView, 'legs' | 'may' | 'refused'>> {
  if (request.state !== 'pending') return { legs: [], may: [], refused: null }
  try {
    const { legs } = await mayDecide(ports, request, account.key)
    refuseOtherWays(request.requirement, { way: 'api' })
    const isHeld = request.requirement?.stepUp || !(await isAllowed(() => refuseStopped(ports, request)))
    return { legs, may: isHeld ? ['deny'] : ['approve', 'deny'], refused: null }
  } catch (refusal) {
    if (refusal instanceof Refusal) return { legs: [], may: [], refused: refusal.code }
    throw refusal
  }
}

async function mayTakeBack(ports: Ports, request: ActionRequest, account: Account): Promise<unknown> {
  if ((request.state !== 'pending' && request.state !== 'approved') || isDecidedElsewhere(request))
    return false
  const may = request.brokenGlass ? mayTakeBackGlass : mayWithdraw
  return may(ports, request, account.key)
}
