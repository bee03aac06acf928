/** Going through a card: its elements, its actions, its inputs, whom it mentions. */
import type { Card, CardAction } from './wire.ts'

type Part = Readonly<Record<string, unknown>> & { readonly actions?: readonly Part[] }

/** Where parts lie in parts. */
const holders = ['body', 'items', 'columns', 'actions', 'inlines', 'rows', 'cells'] as const

/** The card and everything in it, in the order in which it is read. */
export function walk(part: unknown): readonly Part[] {
  if (!isPart(part)) return []
  const inner = holders.flatMap((name) => {
    const held = part[name]
    return Array.isArray(held) ? held.flatMap(walk) : []
  })
  return [part, ...inner, ...[part.card, part.selectAction, part.inlineAction].flatMap(walk)]
}

/** The ids of all elements. */
export function elementIds(card: Card): readonly string[] {
  return walk(card).flatMap(({ id }) => (typeof id === 'string' ? [id] : []))
}

/** The actions that somebody can press. */
export function actionsIn(card: Card): readonly CardAction[] {
  return walk(card).flatMap((part) => (isAction(part) ? [part] : []))
}

/** The inputs, with what they hold before anybody touches them. */
export function inputsIn(card: Card): readonly Part[] {
  return walk(card).filter(({ type }) => typeof type === 'string' && type.startsWith('Input.'))
}

/** What is asked whenever the card comes into sight. */
export function refreshOf(card: Card): CardAction | null {
  const action = isPart(card.refresh) ? card.refresh.action : null
  return isPart(action) && isAction(action) ? action : null
}

/** What stands as a mention in parsed text, and what the card says whom it means. */
export function mentionsIn(card: Card) {
  const parsed = walk(card).filter(({ type }) => type === 'TextBlock')
  const written = parsed.flatMap(({ text }) => String(text).match(/<at>.*?<\/at>/g) ?? [])
  const given = isPart(card.msteams) && Array.isArray(card.msteams.entities) ? card.msteams.entities : []
  const entities = given.filter(isPart).map((one) => ({
    text: String(one.text),
    id: isPart(one.mentioned) ? String(one.mentioned.id) : '',
  }))
  return { written, entities }
}

export function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function isAction(part: Part): part is Part & CardAction {
  return typeof part.type === 'string' && part.type.startsWith('Action.')
}
