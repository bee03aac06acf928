/** Whether Teams would take a card: Adaptive Cards 1.5, as far as Teams draws it, and no more than fits everywhere. */

import { cardSchema } from './cardShape.ts'
import { elementIds, mentionsIn, walk } from './cardWalk.ts'
import { TeamsError } from './teamsError.ts'
import { findPerson, type Tenant } from './tenant.ts'
import type { Card } from './wire.ts'

/** Webhooks, workflows and older clients still end here; Teams itself takes more. */
const cardBytes = 28 * 1024
/** Of a whole message, as UTF-16. */
const messageBytes = 100 * 1024
/** What Teams puts beside each other. */
const primaryActions = 6

/** The card, if it may be shown. Throws 400 `BadSyntax` or 413 `MessageSizeTooBig`. */
export function checkedCard(tenant: Tenant, card: unknown): Card {
  if (Buffer.byteLength(JSON.stringify(card) ?? '', 'utf8') > cardBytes) throw tooBig()
  const read = cardSchema.safeParse(card)
  if (!read.success) {
    const [issue] = read.error.issues
    throw bad(`${issue?.path.join('/') ?? ''}: ${issue?.message ?? 'is no card'}`)
  }
  const sound = card as Card
  checkIds(sound)
  checkActions(sound)
  checkMentions(tenant, sound)
  return sound
}

/** Throws 413 for a message that Teams has no room for. */
export function checkSize(message: string): void {
  if (message.length * 2 > messageBytes) throw tooBig()
}

function checkIds(card: Card): void {
  const ids = elementIds(card)
  const twice = ids.find((id, index) => ids.indexOf(id) !== index)
  if (twice !== undefined) throw bad(`two elements have the id ${twice}`)
}

function checkActions(card: Card): void {
  const rows = walk(card).flatMap(({ actions }) => (Array.isArray(actions) ? [actions] : []))
  const over = rows.some((row) => row.filter((action) => action.mode !== 'secondary').length > primaryActions)
  if (over) throw bad(`more than ${primaryActions} actions stand beside each other`)
}

/** Each mention stands in a text that is parsed, and each that stands there is one of somebody. */
function checkMentions(tenant: Tenant, card: Card): void {
  const { written, entities } = mentionsIn(card)
  for (const { text, id } of entities) {
    if (!written.includes(text)) throw bad(`the mention ${text} does not stand in the card`)
    if (findPerson(tenant, id) === undefined) throw bad(`the mention ${text} is of nobody`)
  }
  const unmeant = written.find((text) => !entities.some((one) => one.text === text))
  if (unmeant !== undefined) throw bad(`${unmeant} stands in the card and mentions nobody`)
}

function bad(message: string): TeamsError {
  return new TeamsError(400, 'BadSyntax', { message: `Bad format of the card: ${message}` })
}

function tooBig(): TeamsError {
  return new TeamsError(413, 'MessageSizeTooBig', { message: 'Message size too large.' })
}
