import type { ModalView } from '@slack/types'
import { mayStop } from '../../approvals/stops/asPerson.ts'
import { scopeOf, type WantedScope } from '../../approvals/stops/scope.ts'
import { shownStops } from '../../approvals/stops/shown.ts'
import { longestProse } from '../../card/forms/fields.ts'
import { stopPassages } from '../../card/stops.ts'
import { staffAt } from '../../channels/seeing.ts'
import { nearest } from '../../core/nearest.ts'
import { Refusal } from '../../core/refusal.ts'
import type { SlackContext } from '../context.ts'
import { context, mrkdwn, plain, section } from '../text/blocks.ts'
import { escapeText } from '../text/escape.ts'
import { blocksOf } from '../text/spans.ts'
import { openModal } from '../windows/openWindow.ts'
import { resumeForm, stopForm } from '../windows/stopForms.ts'
import type { Reply, Typed } from './typed.ts'

const stopUsage = escapeText(
  'Type `/approvals stop agent <name> <why>`, `/approvals stop action <pattern> <why>` or `/approvals stop everything <why>`.',
)

/** `/approvals stop …`: what was typed is confirmed in a window before it acts. */
export async function stopTyped(slack: SlackContext, typed: Typed): Promise<Reply | null> {
  await mayStop(slack.ports, slack.address(typed.user))
  const wanted = wantedIn(typed.rest)
  if (!wanted) return { text: `${meant(typed.rest)}${stopUsage}` }
  const found = await scopeOf(slack.ports.store, wanted.what).catch(noSuchAgent)
  if (!found)
    return { text: 'Nothing is stopped: there is no such agent. Its name is on its cards, after “Agent:”.' }
  const { scope, agentName } = found
  return inWindow(slack, typed, async () => stopForm(scope, { agentName, reason: wanted.reason }))
}

/** Whoever stops an agent in a hurry hardly owns it: their own agents would not help them. */
function noSuchAgent(error: unknown): null {
  if (error instanceof Refusal && error.code === 'unknown_agent') return null
  throw error
}

/** The kind that a mistyped first word most likely meant. */
function meant(rest: string): string {
  const [kind = ''] = rest.split(/\s+/)
  const kinds = ['agent', 'action', 'everything']
  const near = kind === '' || kinds.includes(kind) ? null : nearest(kind, kinds)
  return near === null ? '' : `Did you mean \`${near}\`? `
}

function wantedIn(rest: string): { readonly what: WantedScope; readonly reason: string } | null {
  const [kind = '', ...words] = rest.split(/\s+/)
  const reason = (from: number) => words.slice(from).join(' ').slice(0, longestProse)
  const [target] = words
  if (kind === 'everything') return { what: { kind }, reason: reason(0) }
  if (!target) return null
  if (kind === 'agent') return { what: { kind, agent: target }, reason: reason(1) }
  return kind === 'action' ? { what: { kind, pattern: target }, reason: reason(1) } : null
}

/** So many stops that are over are shown; `countersign stops` has the others. */
const shownResumed = 5

const resumeUsage = '`/approvals resume <id> <why>` asks that one be resumed; somebody else decides.'

/** `/approvals stops`: what is stopped, and what was. */
export async function stopsTyped(slack: SlackContext, { user }: Typed): Promise<Reply> {
  await staffAt(slack.ports, slack.address(user))
  slack.countLook(user)
  const { store } = slack.ports
  const standing = (await slack.ports.stops.renew()).stops.toReversed()
  const over = (await store.stops({ limit: 50 })).filter(({ resumed }) => resumed !== null)
  const shown = await shownStops(store, [...standing.slice(0, 10), ...over.slice(0, shownResumed)])
  const text = standing.length === 0 ? 'Nothing is stopped.' : `${standing.length} stopped`
  return {
    text,
    blocks: [
      section(plain(text)),
      ...blocksOf(new Map(), stopPassages(shown)),
      context(mrkdwn(escapeText(resumeUsage))),
    ],
  }
}

/** `/approvals resume …`: whoever asks for it can never approve it. */
export async function resumeTyped(slack: SlackContext, typed: Typed): Promise<Reply | null> {
  await staffAt(slack.ports, slack.address(typed.user))
  const [id = '', ...words] = typed.rest.split(/\s+/)
  if (!/^stp_[0-9a-z]{1,60}$/.test(id))
    return { text: 'Which one? Type `/approvals resume`, the id from `/approvals stops`, and why.' }
  const stop = await slack.ports.store.stop(id)
  if (!stop) throw new Refusal('unknown_stop', 'no stop of that id')
  if (stop.resumed) throw new Refusal('not_applicable', 'the stop is resumed already')
  const [shown] = await shownStops(slack.ports.store, [stop])
  const reason = words.join(' ').slice(0, longestProse)
  return inWindow(slack, typed, async () => resumeForm(id, { what: shown?.what ?? id, reason }))
}

async function inWindow(
  slack: SlackContext,
  { trigger }: Typed,
  make: () => Promise<ModalView>,
): Promise<Reply | null> {
  if (await openModal(slack, trigger, make)) return null
  return { text: 'Slack did not open the window. Nothing was done; please try again.' }
}
