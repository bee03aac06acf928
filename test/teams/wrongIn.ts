import { AdaptiveCard, HostConfig, SerializationContext, Versions } from 'adaptivecards'
import type { CardMessage } from '../../src/teams/card/message.ts'

/** As many bytes as Teams takes of a message, with room for what is put around a card. */
const mostBytes = 28_000 - 500
/** Beyond these Teams draws none of a set that are no menu. */
const mostButtons = 6

/** What we draw with, and which of its properties. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  AdaptiveCard: ['$schema', 'version', 'body', 'refresh', 'msteams'],
  TextBlock: ['text', 'wrap', 'size', 'weight', 'isSubtle', 'style', 'spacing', 'separator'],
  RichTextBlock: ['inlines', 'spacing', 'separator'],
  TextRun: ['text', 'weight', 'italic', 'isSubtle', 'size', 'color', 'fontType'],
  Container: ['style', 'items', 'spacing', 'separator'],
  ActionSet: ['actions', 'spacing', 'separator'],
  'Input.Text': [
    'id',
    'label',
    'isRequired',
    'errorMessage',
    'isMultiline',
    'maxLength',
    'placeholder',
    'value',
  ],
  'Input.Toggle': ['id', 'label', 'isRequired', 'errorMessage', 'title', 'wrap', 'value'],
  'Input.ChoiceSet': ['id', 'label', 'style', 'isMultiSelect', 'wrap', 'value', 'choices'],
  'Action.Execute': ['title', 'verb', 'data', 'style', 'mode'],
  'Action.Submit': ['title', 'data', 'style', 'mode'],
}

/** A moment of ours: the only function that a card may have. */
const moment =
  /^(\{\{DATE\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ, SHORT\)\}\} at )?\{\{TIME\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\)\}\}$/

interface Piece {
  readonly type?: unknown
  readonly [key: string]: unknown
}

/** What Teams would refuse of a message, or draw otherwise than it was meant. Empty when nothing is wrong. */
export function wrongIn({ summary, card }: CardMessage): readonly string[] {
  const bytes = Buffer.byteLength(JSON.stringify(card)) + Buffer.byteLength(summary)
  const mentions = card.msteams.entities ?? []
  return [
    ...(summary.trim() === '' ? ['no summary'] : []),
    ...(bytes > mostBytes ? [`${bytes} bytes`] : []),
    ...piecesIn(card).flatMap(wrongInPiece),
    ...textBlocks(card).flatMap(({ text }) => wrongInParsed(String(text), mentions)),
    ...wrongByPackage(card),
  ]
}

/** Every object in it that has a type of ours, the card itself first. */
export function piecesIn(value: unknown): readonly Piece[] {
  if (Array.isArray(value)) return value.flatMap(piecesIn)
  if (typeof value !== 'object' || value === null) return []
  const { msteams: _, data: __, ...parts } = value as Piece // of an object only its properties are read
  const inside = Object.values(parts).flatMap(piecesIn)
  return 'type' in value ? [value as Piece, ...inside] : inside
}

function textBlocks(card: CardMessage['card']): readonly Piece[] {
  return piecesIn(card).filter(({ type }) => type === 'TextBlock')
}

function wrongInPiece(piece: Piece): readonly string[] {
  const { type, ...properties } = piece
  const known = allowed[String(type)]
  if (!known) return [`${type} is none of our pieces`]
  return [
    ...Object.keys(properties)
      .filter((name) => !known.includes(name))
      .map((name) => `${type} has ${name}`),
    ...Object.entries(properties)
      .filter(([, one]) => one === undefined)
      .map(([name]) => `${type}.${name} is undefined`),
    ...(type === 'TextRun' ? wrongInRun(String(piece.text)) : []),
    ...(type === 'RichTextBlock' && (piece.inlines as unknown[]).length === 0 ? ['an empty line'] : []),
    ...(type === 'ActionSet' ? wrongInButtons(piece.actions as readonly Piece[]) : []),
  ]
}

function wrongInRun(text: string): readonly string[] {
  if (text === '') return ['an empty run']
  return /\{\{\s*(DATE|TIME)\s*\(\s*\d/i.test(text) && !moment.test(text)
    ? [`a function: ${text.slice(0, 60)}`]
    : []
}

function wrongInButtons(actions: readonly Piece[]): readonly string[] {
  const beside = actions.filter(({ mode }) => mode !== 'secondary')
  return [
    ...(beside.length > mostButtons ? [`${beside.length} buttons`] : []),
    ...(beside.length === 0 ? ['a menu and no button'] : []),
  ]
}

/** Our words have nothing that Markdown knows, and mentions are of those whom the card names as mentioned. */
function wrongInParsed(text: string, mentions: readonly { readonly text: string }[]): readonly string[] {
  const known = mentions.map((one) => one.text)
  if (text.includes('<at>')) {
    const left = known.reduce((rest, one) => rest.replace(one, ''), text)
    const double = new Set(known).size < known.length ? ['two mentions of one text'] : []
    return [...double, ...(/[^, ]/.test(left.replace(/^To /, '')) ? [`beside its mentions: ${left}`] : [])]
  }
  return /[*_[\]()`#<>|~\\{}]/.test(text.replace(/[()]/g, '')) ? [`it is parsed: ${text}`] : []
}

/** By the package with which Microsoft draws such cards. */
function wrongByPackage(card: CardMessage['card']): readonly string[] {
  const parsed = new AdaptiveCard()
  // It counts what stands in the menu, too, and draws it all the same.
  parsed.hostConfig = new HostConfig({ actions: { maxActions: 100 } })
  const context = new SerializationContext(Versions.v1_5)
  parsed.parse(JSON.parse(JSON.stringify(card)), context)
  const events = Array.from({ length: context.eventCount }, (_, nth) => context.getEventAt(nth).message)
  const invalid = parsed.validateProperties().validationEvents.map(({ message }) => message)
  return [...events, ...invalid]
}
