import { isAllowed, viewOf } from '../approvals/inspect.ts'
import type { Verb } from '../approvals/personCommand.ts'
import type { Ports } from '../approvals/ports.ts'
import { noteField, reasonField } from '../card/forms/fields.ts'
import { say } from '../card/span.ts'
import { Refusal } from '../core/refusal.ts'
import type { ActionRequest } from '../core/request.ts'
import { resultWithin } from '../lifetime/limit.ts'
import { errorText, ourAnswer, refusalText } from './answers.ts'
import type { CommandDraft, Outcome } from './doInTime.ts'
import type { Doer, Hearing } from './hearing.ts'
import type { ViewOrigin } from './origin.ts'
import { seenIn } from './shown.ts'
import { channelVerbs, type OpenedForm, opened, windowForAll, windowOf, writtenCommand } from './verbs.ts'
import type { Fields } from './written.ts'

/** The window of a verb as it came back. */
export interface Submitted {
  readonly doer: Doer
  readonly verb: Verb
  readonly origin: ViewOrigin
  readonly fields: Fields
}

/** What has to be shown before it counts, or why it does not. */
export type Reviewed = { readonly show: OpenedForm } | { readonly outcome: Outcome }

/** Null where it counts as it was sent. In time, or not at all: nothing is attempted by then. */
export async function reviewed(hearing: Hearing, sent: Submitted): Promise<Reviewed | null> {
  if (!channelVerbs[sent.verb].review) return null
  const looked = await resultWithin(
    look(hearing, sent).catch((error: unknown) => ended('refused', errorText(hearing.wording, error))),
    hearing.slowAfter,
  )
  if (looked === 'counts') return null
  const slow = say`This takes longer than usual. Nothing was decided: try again in a moment.`
  return looked ?? ended('waiting', slow)
}

async function look(
  { ports, wording }: Hearing,
  { doer, verb, origin, fields }: Submitted,
): Promise<Reviewed | 'counts'> {
  const { review, window } = channelVerbs[verb]
  const request = await ports.store.request(origin.request)
  if (!request) return ended('refused', say`There is no such request.`)
  // Nothing is shown to whoever may not do it: the verb tells them why, and records it.
  if (!(await mayOpenOne(ports, doer, { verb, requests: [request] }))) return 'counts'
  const found = review?.({ ...fields, origin, view: await viewOf(ports, request) })
  if (!found) return 'counts'
  if ('show' in found) return { show: opened(window, found.show, origin) }
  const refusal = new Refusal('not_narrower', 'a window that lowers nothing', found.problems)
  return ended('refused', refusalText(wording, refusal), refusal)
}

/**
 * The window as it was sent, to be mended; null when it cannot be shown to them. Where it came from is asked of nobody, so whoever could not have
 * opened it does not get it by sending it.
 */
export async function formAgain(
  { ports }: Pick<Hearing, 'ports'>,
  { doer, verb, origin }: Submitted,
): Promise<OpenedForm | null> {
  const requests = await ports.store.requestsOf(origin.together ?? [origin.request])
  if (!(await mayOpenOne(ports, doer, { verb, requests }))) return null
  const views = await Promise.all(requests.map((request) => viewOf(ports, request)))
  const [view] = views
  if (!view) return null
  return origin.together ? windowForAll(verb, views, origin) : windowOf(verb, view, origin)
}

/** Whether they may open the window of a verb for one of these at least. */
async function mayOpenOne(
  ports: Ports,
  { actor }: Doer,
  { verb, requests }: { readonly verb: Verb; readonly requests: readonly ActionRequest[] },
): Promise<boolean> {
  const { mayOpen } = channelVerbs[verb]
  const each = requests.map((request) => isAllowed(() => mayOpen(ports, request, actor.address)))
  return (await Promise.all(each)).includes(true)
}

function ended(kind: Outcome['kind'], says: Outcome['says'], refusal: Refusal | null = null): Reviewed {
  return { outcome: { kind, ...ourAnswer(says), refusal, passing: null } }
}

/** What sending the window commands. @throws Refusal `unknown_request` */
export async function draftOf(
  { ports }: Hearing,
  { doer, verb, origin, fields }: Submitted,
): Promise<CommandDraft> {
  const request = await ports.store.request(origin.request)
  if (!request) throw new Refusal('unknown_request', 'a window for a request that does not exist')
  const attempt = { request: request.id, card: origin.card, delivery: doer.delivery }
  const written = { ...fields, request, origin, ...(await seenIn(ports, origin, request)) }
  return {
    request: request.id,
    actor: doer.actor,
    by: (who) => writtenCommand(verb, { ...written, by: { ...attempt, ...who } }),
  }
}

/** Which of a window's fields a refusal is about, and what is said beside each. `names`: of the fields that it has. */
export function besideFields(
  refusal: Refusal,
  names: readonly string[],
): readonly (readonly [name: string, says: string])[] {
  if (refusal.code === 'reason_needed')
    return names
      .filter((name) => name === reasonField || name === noteField)
      .map((name) => [name, refusal.says])
  return refusal.problems.flatMap(({ pointer, detail }) => {
    const name = pointer.slice(1)
    return names.includes(name) ? [[name, detail] as const] : []
  })
}
