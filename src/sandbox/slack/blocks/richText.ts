/** The rich_text block: sections, lists, preformatted text and quotes (facts: Block Kit, blocks). */
import { identifier } from './composition.ts'
import {
  boolean,
  byType,
  type Check,
  integer,
  list,
  literal,
  object,
  optional,
  required,
  string,
} from './shape.ts'

const many = 10_000
const style = object({
  bold: optional(boolean),
  italic: optional(boolean),
  strike: optional(boolean),
  code: optional(boolean),
  underline: optional(boolean),
  highlight: optional(boolean),
  client_highlight: optional(boolean),
  unlink: optional(boolean),
})

const id = string({ min: 1 })
const leaves: Record<string, Check> = {
  text: leaf('text', { text: required(string({ min: 1 })) }),
  link: leaf('link', {
    url: required(string({ min: 1 })),
    text: optional(string()),
    unsafe: optional(boolean),
  }),
  emoji: leaf('emoji', { name: required(id), unicode: optional(string()), url: optional(string()) }),
  user: leaf('user', { user_id: required(id) }),
  usergroup: leaf('usergroup', { usergroup_id: required(id) }),
  channel: leaf('channel', { channel_id: required(id) }),
  team: leaf('team', { team_id: required(id) }),
  broadcast: leaf('broadcast', { range: required(literal('here', 'channel', 'everyone')) }),
  color: leaf('color', { value: required(string({ min: 1 })) }),
  date: leaf('date', {
    timestamp: required(integer(0, 9_999_999_999)),
    format: required(string({ min: 1 })),
    url: optional(string()),
    fallback: optional(string()),
  }),
}

const inline = list(byType(leaves), { max: many })
const border = { border: optional(literal(0, 1)) }
const section = object({ type: required(literal('rich_text_section')), elements: required(inline) })

const parts: Record<string, Check> = {
  rich_text_section: section,
  rich_text_quote: object({
    type: required(literal('rich_text_quote')),
    elements: required(inline),
    ...border,
  }),
  rich_text_preformatted: object({
    type: required(literal('rich_text_preformatted')),
    elements: required(list(byType(pick('text', 'link')), { max: many })),
    language: optional(string()),
    ...border,
  }),
  rich_text_list: object({
    type: required(literal('rich_text_list')),
    style: required(literal('bullet', 'ordered')),
    elements: required(list(byType({ rich_text_section: section }), { max: many })),
    indent: optional(integer(0, 8)),
    offset: optional(integer(0, many)),
    ...border,
  }),
}

export const richTextBlock: Check = object({
  type: required(literal('rich_text')),
  block_id: optional(identifier),
  elements: required(list(byType(parts), { max: many })),
})

function leaf(type: string, shape: Parameters<typeof object>[0]): Check {
  return object({ type: required(literal(type)), style: optional(style), ...shape })
}

function pick(...types: readonly string[]): Record<string, Check> {
  return Object.fromEntries(Object.entries(leaves).filter(([type]) => types.includes(type)))
}
