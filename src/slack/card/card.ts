import type { ContextBlock, KnownBlock, SectionBlock } from '@slack/types'
import type { Card } from '../../approvals/records.ts'
import { type CardContent, cardContent, replacedContent } from '../../card/content.ts'
import { between, ours } from '../../card/span.ts'
import { cut } from '../../card/text.ts'
import type { Title } from '../../card/titles.ts'
import type { People, RequestView } from '../../card/view.ts'
import { context, header, mrkdwn, plain, preformatted, quote, section } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf, contextOf, elementOf, mrkdwnOf, plainOf } from '../text/spans.ts'
import { buttonBlocks } from './buttons.ts'
import { cardNeeds } from './needs.ts'
import { renderTogether } from './together.ts'

/** What is posted: blocks, and the text that notifications and screen readers use instead. */
export interface CardMessage {
  readonly text: string
  readonly blocks: KnownBlock[]
}

/** The card of one request, drawn in the order of its content; what it says is `src/card/content.ts`. */
export function renderCard(card: Pick<Card, 'id' | 'status'>, view: RequestView): CardMessage {
  const { people } = view
  if (card.status === 'replaced') {
    const text = mrkdwnOf(people, replacedContent(view))
    return { text, blocks: [context(mrkdwn(text))] }
  }
  if (view.lines) return renderTogether(card.id, view, view.lines)
  const content = cardContent(view)
  const blocks: KnownBlock[] = [
    titleBlock(content.title),
    consequenceBlock(content, people),
    whereAndWhen(content, people),
    ...blocksOf(people, content.ending),
    whoAsksBlock(content, people),
    ...parameters(content, people),
    ...rollback(content, people),
    ...agentSays(content, people),
    ...blocksOf(people, content.revision),
    ...why(content, people),
    ...blocksOf(people, content.notes),
    ...(content.onApproval ? [contextOf(people, content.onApproval)] : []),
    ...buttonBlocks(card.id, view.request, content.buttons),
    ...cardNeeds(content, people),
    ...(content.credentials ? [contextOf(people, content.credentials)] : []),
    context(
      plain(`${content.request} · ${content.isDigestSalted ? 'salted sha256' : 'sha256'} ${content.digest}`),
    ),
  ]
  return { text: inlineShown(content.notification, 1_000), blocks }
}

/** Plain text, at most 150 characters. */
export function titleBlock({ says, action }: Title): KnownBlock {
  return header(cut(`${says}: ${action}`, 150))
}

/** All of it plain: the values are the agent's, and there is nothing to parse. */
export function consequenceBlock(
  { consequence: { marks, sentence, values } }: Pick<CardContent, 'consequence'>,
  people: People,
): SectionBlock {
  const lines = [...(sentence ? [sentence] : []), ...(marks.length > 0 ? [marks] : []), ...values]
  return section(plain(lines.map((line) => plainOf(people, line)).join('\n')))
}

export function whoAsksBlock({ facts }: CardContent, people: People): ContextBlock {
  return contextOf(people, ...facts.map(({ label, value }) => [ours(`${label}: `), ...value]))
}

function whereAndWhen({ where, deadline, estimated }: CardContent, people: People): ContextBlock {
  const { environment, resource } = where
  const place = plain([cut(environment, 100), cut(resource, 300)].join(' · '))
  // One element, which a phone shows on one line.
  const times = between(
    [deadline ?? [], estimated ?? []].filter((one) => one.length > 0),
    ' · ',
  )
  return context(place, ...(times.length > 0 ? [elementOf(people, times)] : []))
}

function parameters({ parameters: shown, oddities }: CardContent, people: People): KnownBlock[] {
  return [
    'lines' in shown ? preformatted(shown.lines.join('\n')) : section(elementOf(people, shown.instead)),
    ...(oddities.length > 0 ? [contextOf(people, ...oddities)] : []),
  ]
}

/** Below the action, whole: it is decided with it. */
function rollback({ parameters: first, rollback: declared }: CardContent, people: People): KnownBlock[] {
  if (!declared) return []
  const label = section(elementOf(people, declared.label))
  if (!declared.action || !('lines' in first)) return [label]
  const { where, parameters: lines, why: reasons } = declared.action
  const place = plain([cut(where.environment, 100), cut(where.resource, 300)].join(' · '))
  return [
    label,
    consequenceBlock(declared.action, people),
    context(place),
    preformatted(lines.join('\n')),
    ...(reasons ? [contextOf(people, reasons)] : []),
  ]
}

function agentSays({ agentSays: said }: CardContent, people: People): KnownBlock[] {
  return said ? [contextOf(people, said.label), quote(said.quote)] : []
}

function why({ why: reasons }: CardContent, people: People): KnownBlock[] {
  if (!reasons) return []
  const { says, notEvaluated, more } = reasons
  const left = more > 0 ? [plain(`and ${more} more`)] : []
  return [
    contextOf(people, says),
    ...(notEvaluated.length > 0
      ? [context(...notEvaluated.map((text) => elementOf(people, text)), ...left)]
      : []),
  ]
}
