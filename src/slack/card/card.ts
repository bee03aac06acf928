import type { ContextBlock, KnownBlock } from '@slack/types'
import type { Card } from '../../approvals/records.ts'
import { type AlikeContent, alikeContent, isAlike } from '../../card/alikeContent.ts'
import type { Fact } from '../../card/asking.ts'
import { type CardContent, cardContent, replacedContent } from '../../card/content.ts'
import { between, ours, say } from '../../card/span.ts'
import { cut } from '../../card/text.ts'
import type { Title } from '../../card/titles.ts'
import type { People, RequestView } from '../../card/view.ts'
import { context, header, mrkdwn, plain, preformatted, quote, section } from '../text/blocks.ts'
import { inlineShown } from '../text/escape.ts'
import { blocksOf, contextOf, elementOf, mrkdwnOf } from '../text/spans.ts'
import { alikeEscalations, alikeLines } from './alike.ts'
import { buttonBlocks } from './buttons.ts'
import { consequenceBlock, glanceBlock, readingsBlock } from './consequence.ts'
import { barredBlock, cardNeeds } from './needs.ts'
import { barred, buttonsForAll, missing, renderTogether } from './together.ts'

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
  const [first, ...others] = view.lines ?? []
  if (first) {
    return isAlike(others)
      ? renderAlike(card.id, view, alikeContent([first, ...others]))
      : renderTogether(card.id, view, [first, ...others])
  }
  const content = cardContent(view)
  const ending = blocksOf(people, content.ending)
  const isOpen = view.request.state === 'pending'
  const blocks: KnownBlock[] = [
    titleBlock(content.title),
    glanceBlock(content.consequence, people),
    whereAndWho(content, people),
    ...(isOpen ? [] : ending),
    ...cardNeeds(content, people),
    ...why(content, people),
    ...(isOpen ? ending : []),
    ...readingsBlock(content.consequence, people),
    ...times(content, people),
    ...(content.facts.length > 0 ? [factsBlock(content.facts, people)] : []),
    ...parameters(content, people),
    ...rollback(content, people),
    ...agentSays(content, people),
    ...blocksOf(people, content.revision),
    ...blocksOf(people, content.notes),
    // So far a phone shows it at once (docs/slack.md): what stands below needs no scrolling to decide.
    ...buttonBlocks(card.id, view.request, content.buttons),
    ...barredBlock(content, people),
    ...(content.onApproval ? [contextOf(people, content.onApproval)] : []),
    ...(content.credentials ? [contextOf(people, content.credentials)] : []),
    ...(content.besides.length > 0 ? [factsBlock(content.besides, people)] : []),
    context(
      plain(`${content.request} · ${content.isDigestSalted ? 'salted sha256' : 'sha256'} ${content.digest}`),
    ),
  ]
  return { text: inlineShown(content.notification, 1_000), blocks }
}

/** What several requests ask alike, once; below it each of them. */
function renderAlike(card: string, view: RequestView, alike: AlikeContent): CardMessage {
  const { people } = view
  const { card: content, deadline } = alike
  const same = { ...content, deadline }
  const blocks: KnownBlock[] = [
    titleBlock(alike.title),
    glanceBlock(content.consequence, people),
    whereAndWho(content, people),
    ...missing(alike, people),
    ...alikeEscalations(alike, people),
    ...why(content, people),
    ...readingsBlock(content.consequence, people),
    ...times(same, people),
    ...(content.facts.length > 0 ? [factsBlock(content.facts, people)] : []),
    ...parameters(content, people),
    ...agentSays(content, people),
    ...alikeLines(card, alike, people),
    ...(alike.onApproval ? [contextOf(people, alike.onApproval)] : []),
    ...buttonsForAll(card, view, alike),
    ...barred(alike, people),
    ...(content.credentials ? [contextOf(people, content.credentials)] : []),
    context(plain(`${content.isDigestSalted ? 'salted sha256' : 'sha256'} ${content.digest}`)),
  ]
  return { text: inlineShown(alike.notification, 1_000), blocks }
}

/** Plain text, at most 150 characters. */
export function titleBlock({ says, action }: Title): KnownBlock {
  return header(cut(`${says}: ${action}`, 150))
}

function factsBlock(facts: readonly Fact[], people: People): ContextBlock {
  return contextOf(people, ...facts.map(({ label, value }) => [ours(`${label}: `), ...value]))
}

/** Where, and who asks for whom: one element each, which a phone begins a line with. */
function whereAndWho({ where, asks }: CardContent, people: People): ContextBlock {
  const { environment, resource } = where
  const place = plain([cut(environment, 100), cut(resource, 300)].join(' · '))
  const who = asks.map(({ label, value }) => [ours(`${label}: `), ...value])
  return context(place, elementOf(people, between(who, ' · ')))
}

/** When it ends, and what the record says: smaller, below what has to be read. */
function times({ deadline, estimated, earlier }: CardContent, people: People): KnownBlock[] {
  const said = [deadline ?? [], estimated ?? [], earlier ?? []].filter((one) => one.length > 0)
  return said.length > 0 ? [contextOf(people, between(said, ' · '))] : []
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
    consequenceBlock(declared.action.consequence, people),
    context(place),
    preformatted(lines.join('\n')),
    ...(reasons ? [contextOf(people, reasons)] : []),
  ]
}

function agentSays({ agentSays: said }: CardContent, people: People): KnownBlock[] {
  return said ? [contextOf(people, said.label), quote(said.quote)] : []
}

/** The values by which rules ask before their sentences: what is unusual is read first. */
function why({ why: reasons, consequence: { values } }: CardContent, people: People): KnownBlock[] {
  if (!reasons) return []
  const { label, says, notEvaluated, more } = reasons
  const left = more > 0 ? [plain(`and ${more} more`)] : []
  return [
    values.length > 0
      ? contextOf(people, say`${label} ${between(values, ' · ')}`, says)
      : contextOf(people, say`${label} ${says}`),
    ...(notEvaluated.length > 0
      ? [context(...notEvaluated.map((text) => elementOf(people, text)), ...left)]
      : []),
  ]
}
