/** Block Kit's composition objects: text, option, confirm and their neighbours. */
import {
  atLeastOne,
  boolean,
  byType,
  type Check,
  exactlyOne,
  isFields,
  list,
  literal,
  object,
  optional,
  type Rule,
  required,
  string,
} from './shape.ts'

/** A `plain_text` object of at most `max` code points. */
export const plain = (max: number): Check =>
  byType({
    plain_text: object({
      type: required(literal('plain_text')),
      text: required(string({ min: 1, max })),
      emoji: optional(boolean),
    }),
  })

export const mrkdwn = (max: number): Check =>
  byType({
    mrkdwn: object({
      type: required(literal('mrkdwn')),
      text: required(string({ min: 1, max })),
      verbatim: optional(boolean),
    }),
  })

/** Either kind of text. */
export const anyText = (max: number): Check => byType({ plain_text: plain(max), mrkdwn: mrkdwn(max) })

/** Identifiers that the app chooses: block_id, action_id, callback_id, external_id. */
export const identifier = string({ min: 1, max: 255 })

export const placeholder = plain(150)

export const style = literal('primary', 'danger')

/** The docs require all four texts, the SDK's type only `text`; the stricter reading is the safe one to test against. */
export const confirm = object({
  title: required(plain(100)),
  text: required(anyText(300)),
  confirm: required(plain(30)),
  deny: required(plain(30)),
  style: optional(style),
})

/** An option as menus have it; only an overflow menu's option may carry a `url`. */
export const option = object({
  text: required(plain(75)),
  value: required(string({ min: 1, max: 150 })),
  description: optional(plain(75)),
})

export const overflowOption = object({
  text: required(plain(75)),
  value: required(string({ min: 1, max: 150 })),
  description: optional(plain(75)),
  url: optional(string({ max: 3000 })),
})

/** Check boxes and radio buttons are the only places where an option's text may be mrkdwn. */
export const richOption = object({
  text: required(anyText(75)),
  value: required(string({ min: 1, max: 150 })),
  description: optional(anyText(75)),
})

export const optionGroup = object({
  label: required(plain(75)),
  options: required(list(option, { max: 100 })),
})

export const dispatchConfig = object({
  trigger_actions_on: optional(list(literal('on_enter_pressed', 'on_character_entered'), { max: 2 })),
})

export const conversationFilter = object(
  {
    include: optional(list(literal('im', 'mpim', 'private', 'public'), { max: 4 })),
    exclude_external_shared_channels: optional(boolean),
    exclude_bot_users: optional(boolean),
  },
  [atLeastOne('include', 'exclude_external_shared_channels', 'exclude_bot_users')],
)

const slackFile = object({ id: optional(string({ min: 1 })), url: optional(string({ min: 1, max: 3000 })) }, [
  exactlyOne('id', 'url'),
])

/** The properties every image has, block or element. */
export const imageFields = {
  type: required(literal('image')),
  alt_text: required(string({ min: 1, max: 2000 })),
  image_url: optional(string({ min: 1, max: 3000 })),
  slack_file: optional(slackFile),
}

export const image = object(imageFields, [exactlyOne('image_url', 'slack_file')])

/** Rule: no two offered options share a value. */
export const distinctValues: Rule = (value) => {
  const values = offered(value).map((one) => one.value)
  return new Set(values).size === values.length ? undefined : 'option values must be unique'
}

/** Rule: what is chosen at the start is one of the offered options, exactly as offered. */
export function initialIsOffered(key: 'initial_option' | 'initial_options'): Rule {
  return (value) => {
    const initial = value[key]
    if (initial === undefined) return undefined
    const texts = new Set(offered(value).map((one) => JSON.stringify(one)))
    const chosen = Array.isArray(initial) ? initial : [initial]
    return chosen.every((one) => texts.has(JSON.stringify(one)))
      ? undefined
      : `${key} must be one of the options`
  }
}

function offered(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>[] {
  const groups = Array.isArray(value.option_groups) ? value.option_groups.filter(isFields) : []
  const grouped = groups.flatMap((group) => (Array.isArray(group.options) ? group.options : []))
  const single = Array.isArray(value.options) ? value.options : []
  return [...single, ...grouped].filter(isFields)
}
