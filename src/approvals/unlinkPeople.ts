import { type Action, peopleUnlink } from '../core/action.ts'
import type { Confirmation } from '../core/confirmation.ts'
import { digestOf } from '../core/digest.ts'
import type { Account } from '../core/identity.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { environmentOf } from '../policy/environments.ts'
import { partApproved } from './partApproved.ts'
import { asking, newConfirmation } from './people/askToConfirm.ts'
import { type PersonClaim, personOf, resolveAccount, resolveClaim } from './people/identify.ts'
import { type Parting, partingOf } from './people/parting.ts'
import type { Word } from './people/word.ts'
import { policyTool } from './policy/policyTool.ts'
import type { Ports } from './ports.ts'
import { submit } from './submit.ts'

/** Two accounts are two people’s after all, says somebody with a shell. */
export interface Unlinking extends Word {
  readonly account: PersonClaim
  /** Who asks for it: they can never approve it. */
  readonly by: PersonClaim
  readonly reason: string | null
}

export type Unlinked =
  | { readonly outcome: 'asked'; readonly request: ActionRequest }
  /** Nobody else is asked before whoever asks for it has confirmed that they do. */
  | { readonly outcome: 'unconfirmed'; readonly confirmation: Confirmation }

/**
 * Parting accounts that count as one person’s gives back what joining took away, so it is an action: judged by the policy,
 * and decided by others than that person and whoever asks for it. What was joined by a link is parted as it was before.
 *
 * @throws Refusal `unknown_person`, `directory_unavailable`, `not_joined` when the account is joined to no other, `not_ready`
 *   without a policy, those of `submit`
 */
export async function unlinkPeople(ports: Ports, ask: Unlinking): Promise<Unlinked> {
  const account = await resolveAccount(ports, ask.account, '/account')
  const author = await resolveClaim(ports, ask.by, '/by')
  const parting = await partingOf(ports, account.key)
  if (ports.confirms && ask.confirmation === undefined)
    return { outcome: 'unconfirmed', confirmation: await askedFirst(ports, ask, { account, author }) }
  const bundle = ports.policy()
  if (!bundle) throw new Refusal('not_ready', 'there is no policy that could judge it')
  const tool = await policyTool(ports, author, ask)
  const resource = { type: 'person', id: parting.person }
  const action: Action = {
    action: peopleUnlink,
    resource,
    params: paramsOf(account, parting),
    environment: environmentOf(bundle, resource),
  }
  const envelope = {
    ...tool,
    via: 'cli',
    idempotencyKey: ask.confirmation ?? ports.ids.next('act'),
    bodyDigest: digestOf('countersign/body/v1', { unlink: account.key }),
    about: [parting.person],
  } as const
  const { request } = await submit(ports, envelope, {
    action,
    reason: ask.reason,
    initiator: null,
    involved: [],
    run: null,
    expiresInSeconds: null,
  })
  if (request.state === 'approved') await partApproved(ports, request.id)
  return { outcome: 'asked', request }
}

/** What people read: who goes, who stays, by account and by the names that these have. */
function paramsOf(account: Account, { was, goes, stays }: Parting): Action['params'] {
  const named = (links: Parting['stays']) =>
    links.filter(({ id }) => !id.startsWith('person:')).map(({ id, name }) => `${name} (${id})`)
  return { account: account.key, was, parts: named(goes), stays: named(stays) }
}

async function askedFirst(
  ports: Ports,
  ask: Unlinking,
  { account, author }: { readonly account: Account; readonly author: Account },
): Promise<Confirmation> {
  const person = await personOf(ports, author)
  const { reason } = ask
  const waiting = (await ports.store.confirmationsAbout(person)).find(
    ({ what, state, until }) =>
      what.kind === 'unlink' &&
      what.account === account.key &&
      state === 'waiting' &&
      ports.clock().toISOString() < until,
  )
  if (waiting) return waiting
  const confirmation = newConfirmation(
    ports,
    { kind: 'unlink', author: person, account: account.key, name: account.name, reason },
    { word: ask, asked: [{ person, account: author, as: 'author' }] },
  )
  if ((await ports.store.commit(asking(ports, confirmation))) !== 'applied')
    throw new Refusal('busy', 'the question could not be written')
  return confirmation
}
