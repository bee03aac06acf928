import type { KnownBlock, Overflow, SectionBlock } from '@slack/types'
import type { CardButton } from '../../card/buttons.ts'
import { linesOfConsequence } from '../../card/consequence.ts'
import { between, ours } from '../../card/span.ts'
import { cut } from '../../card/text.ts'
import { type LineWithMenu, type TogetherContent, togetherContent } from '../../card/togetherContent.ts'
import type { People, RequestView } from '../../card/view.ts'
import { buttonValue } from '../../channels/buttonValue.ts'
import { actions, context, header, mrkdwn, plain, preformatted, quote } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { contextOf, mrkdwnOf, plainOf } from '../text/spans.ts'
import { actionId, drawButton } from './buttons.ts'
import { cannotDecide, fitting } from './needs.ts'

/**
 * A card that asks about several requests: two blocks for each at most, so that twenty have room beside what all have in common
 * (Slack takes 50 blocks). What it says is `src/card/togetherContent.ts`.
 */
export function renderTogether(
  card: string,
  view: RequestView,
  lines: readonly RequestView[],
): { readonly text: string; readonly blocks: KnownBlock[] } {
  const { people } = view
  const content = togetherContent(view, lines)
  const blocks: KnownBlock[] = [
    header(cut(content.title, 150)),
    contextOf(
      people,
      ...(content.deadline ? [content.deadline] : []),
      between(
        content.facts.map(({ label, value }) => [ours(`${label}: `), ...value]),
        ' · ',
      ),
    ),
    ...missing(content, people),
    ...content.lines.flatMap((line) => lineBlocks(card, line, people)),
    ...(content.agentSays
      ? [contextOf(people, content.agentSays.label), quote(content.agentSays.quote)]
      : []),
    ...(content.onApproval ? [contextOf(people, content.onApproval)] : []),
    ...buttonsForAll(card, view, content),
    ...barred(content, people),
    context(plain(content.set)),
  ]
  return { text: inlineShown(content.notification, 1_000), blocks }
}

/** All of it plain: the values are the agent's, and there is nothing to parse. */
function lineBlocks(card: string, line: LineWithMenu, people: People): KnownBlock[] {
  const { label, consequence, where, parameters, notes } = line
  const said = [label, ...linesOfConsequence(consequence)].map((text) => plainOf(people, text))
  const place = `${cut(where.environment, 100)} · ${cut(where.resource, 300)}`
  const more = notes.map((text) => plainOf(people, text))
  const id = plainOf(people, [ours(`${line.request} · sha256 ${line.digest}`)])
  const first: SectionBlock = {
    type: 'section',
    text: plain([...said, place, ...more, id].join('\n')),
    accessory: menu(card, line),
  }
  return [first, preformatted(parameters.join('\n'))]
}

export function menu(card: string, { request, menu: buttons }: LineMenu): Overflow {
  const value = buttonValue({ request, card })
  return {
    type: 'overflow',
    action_id: 'more',
    options: buttons.map((one) => ({ text: plain(one.label, 75), value: `${choiceOf(one)}|${value}` })),
  }
}

/** What can be done with one request of several. */
type LineMenu = Pick<LineWithMenu, 'request' | 'menu'>

/** In a menu nothing is decided by the press alone: approving is a window, too. */
function choiceOf({ command }: CardButton): string {
  return command === 'approve' ? 'approve_form' : command
}

export function buttonsForAll(
  card: string,
  { request }: RequestView,
  { buttons }: Pick<TogetherContent, 'buttons'>,
): KnownBlock[] {
  if (buttons.length === 0) return []
  return [
    // A new block id with each set of lines, as Slack wants it for updated messages.
    actions(
      `together.${request.version}.${buttons.map(({ together }) => together.length).join('.')}`,
      buttons.map(({ button, together }) =>
        drawButton(button, actionId(button), buttonValue({ request: request.id, card, together })),
      ),
    ),
  ]
}

type HasMissing = Pick<TogetherContent, 'missing'>

export function missing({ missing: { seats } }: HasMissing, people: People): KnownBlock[] {
  if (seats.length === 0) return []
  const open = ['*Needs*', ...seats.map((text) => `○ ${mrkdwnOf(people, text)}`)]
  return [context(mrkdwn(fitting(open)))]
}

export function barred({ missing: { seats, barred: said } }: HasMissing, people: People): KnownBlock[] {
  if (seats.length === 0 || said.length === 0) return []
  return [cannotDecide(between(said, ', '), people)]
}
