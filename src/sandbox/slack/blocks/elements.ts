/** Every interactive element: where it may stand and what it may hold (facts: Block Kit, elements). */
import {
  confirm,
  conversationFilter,
  dispatchConfig,
  distinctValues,
  identifier,
  image,
  initialIsOffered,
  option,
  optionGroup,
  overflowOption,
  placeholder,
  plain,
  richOption,
  style,
} from './composition.ts'
import { richTextBlock } from './richText.ts'
import {
  boolean,
  type Check,
  exactlyOne,
  integer,
  list,
  literal,
  object,
  optional,
  type Rule,
  required,
  string,
} from './shape.ts'

/** The kinds of block that can hold an element. */
export type Place = 'section' | 'actions' | 'input' | 'context' | 'context_actions'
/** M message, O modal, H Home. */
export type Surface = 'M' | 'O' | 'H'

interface Element {
  readonly places: readonly Place[]
  readonly surfaces: readonly Surface[]
  readonly check: Check
}

const everywhere: readonly Surface[] = ['M', 'O', 'H']
const anyHolder: readonly Place[] = ['section', 'actions', 'input']
const outsideInput: readonly Place[] = ['section', 'actions']

const focus = { focus_on_load: optional(boolean) }
const hint = { placeholder: optional(placeholder) }
const asks = { confirm: optional(confirm) }
const dispatches = { dispatch_action_config: optional(dispatchConfig) }
const date = string({ pattern: /^\d{4}-\d{2}-\d{2}$/ })
const time = string({ pattern: /^([01]\d|2[0-3]):[0-5]\d$/ })
const number = string({ pattern: /^-?\d+(\.\d+)?$/ })
const ids = list(string({ min: 1 }), { max: 100 })
const upTo = { max_selected_items: optional(integer(1, 100)) }
const offers = {
  options: optional(list(option, { max: 100 })),
  option_groups: optional(list(optionGroup, { max: 100 })),
}
const oneSource = exactlyOne('options', 'option_groups')
const picksConversation = {
  default_to_current_conversation: optional(boolean),
  filter: optional(conversationFilter),
}

/** All elements this workspace has, by `type`. */
const elements: Readonly<Record<string, Element>> = {
  button: at(outsideInput, everywhere, 'button', {
    text: required(plain(75)),
    value: optional(string({ max: 2000 })),
    url: optional(string({ max: 3000 })),
    style: optional(style),
    accessibility_label: optional(string({ max: 75 })),
    ...asks,
  }),
  overflow: at(
    outsideInput,
    everywhere,
    'overflow',
    { options: required(list(overflowOption, { max: 5 })), ...asks },
    [distinctValues],
  ),
  checkboxes: at(
    anyHolder,
    everywhere,
    'checkboxes',
    {
      options: required(list(richOption, { max: 10 })),
      initial_options: optional(list(richOption, { max: 10 })),
      ...asks,
      ...focus,
    },
    [distinctValues, initialIsOffered('initial_options')],
  ),
  radio_buttons: at(
    anyHolder,
    everywhere,
    'radio_buttons',
    {
      options: required(list(richOption, { max: 10 })),
      initial_option: optional(richOption),
      ...asks,
      ...focus,
    },
    [distinctValues, initialIsOffered('initial_option')],
  ),
  static_select: at(
    anyHolder,
    everywhere,
    'static_select',
    { ...offers, initial_option: optional(option), ...asks, ...focus, ...hint },
    [oneSource, distinctValues, initialIsOffered('initial_option')],
  ),
  multi_static_select: at(
    anyHolder,
    everywhere,
    'multi_static_select',
    { ...offers, ...upTo, initial_options: optional(list(option, { max: 100 })), ...asks, ...focus, ...hint },
    [oneSource, distinctValues, initialIsOffered('initial_options')],
  ),
  users_select: picker('users_select', { initial_user: optional(string({ min: 1 })) }),
  multi_users_select: picker('multi_users_select', { initial_users: optional(ids), ...upTo }),
  channels_select: picker('channels_select', {
    initial_channel: optional(string({ min: 1 })),
    response_url_enabled: optional(boolean),
  }),
  multi_channels_select: picker('multi_channels_select', { initial_channels: optional(ids), ...upTo }),
  conversations_select: picker('conversations_select', {
    initial_conversation: optional(string({ min: 1 })),
    response_url_enabled: optional(boolean),
    ...picksConversation,
  }),
  multi_conversations_select: picker('multi_conversations_select', {
    initial_conversations: optional(ids),
    ...picksConversation,
    ...upTo,
  }),
  datepicker: picker('datepicker', { initial_date: optional(date) }),
  timepicker: picker('timepicker', { initial_time: optional(time), timezone: optional(string({ min: 1 })) }),
  datetimepicker: at(['actions', 'input'], ['M', 'O'], 'datetimepicker', {
    initial_date_time: optional(integer(1_000_000_000, 9_999_999_999)),
    ...asks,
    ...focus,
  }),
  plain_text_input: at(
    ['input'],
    everywhere,
    'plain_text_input',
    {
      initial_value: optional(string({ max: 3000 })),
      multiline: optional(boolean),
      min_length: optional(integer(0, 3000)),
      max_length: optional(integer(1, 3000)),
      ...dispatches,
      ...focus,
      ...hint,
    },
    [minimumFits],
  ),
  rich_text_input: at(['input'], ['O', 'H'], 'rich_text_input', {
    initial_value: optional(richTextBlock),
    min_lines: optional(integer(1, 100)),
    max_lines: optional(integer(1, 100)),
    ...dispatches,
    ...focus,
    ...hint,
  }),
  email_text_input: typed('email_text_input', { initial_value: optional(string()) }),
  url_text_input: typed('url_text_input', { initial_value: optional(string()) }),
  number_input: typed('number_input', {
    is_decimal_allowed: required(boolean),
    initial_value: optional(number),
    min_value: optional(number),
    max_value: optional(number),
  }),
  icon_button: at(['context_actions'], ['M'], 'icon_button', {
    icon: required(literal('trash')),
    text: required(plain(75)),
    value: optional(string({ max: 2000 })),
    accessibility_label: optional(string({ max: 75 })),
    visible_to_user_ids: optional(list(string({ min: 1 }), { max: 10 })),
    ...asks,
  }),
  image: { places: ['section', 'context'], surfaces: everywhere, check: image },
}

/** The elements that may stand in `place` on `surface`, ready for a dispatch by type. */
export function elementsFor(place: Place, surface: Surface): Record<string, Check> {
  const fit = Object.entries(elements).filter(
    ([, element]) => element.places.includes(place) && element.surfaces.includes(surface),
  )
  return Object.fromEntries(fit.map(([type, element]) => [type, element.check]))
}

type Shape = Parameters<typeof object>[0]

function at(
  places: readonly Place[],
  surfaces: readonly Surface[],
  type: string,
  shape: Shape,
  rules: readonly Rule[] = [],
): Element {
  const check = object({ type: required(literal(type)), action_id: optional(identifier), ...shape }, rules)
  return { places, surfaces, check }
}

function picker(type: string, shape: Shape): Element {
  return at(anyHolder, everywhere, type, { ...shape, ...asks, ...focus, ...hint })
}

function typed(type: string, shape: Shape): Element {
  return at(['input'], ['O'], type, { ...shape, ...dispatches, ...focus, ...hint })
}

function minimumFits(value: Readonly<Record<string, unknown>>): string | undefined {
  const { min_length: min, max_length: max } = value
  const fits = typeof min !== 'number' || typeof max !== 'number' || min <= max
  return fits ? undefined : 'min_length must not be greater than max_length'
}
