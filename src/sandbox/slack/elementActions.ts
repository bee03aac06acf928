/** What Slack sends when an element is used: one entry of `actions`, by the element's type. */
import type { Block } from '../wire.ts'
import { type Fields, isFields } from './blocks/shape.ts'

/** The element with these ids, or undefined when it is not there any more. */
export function findElement(blocks: readonly Block[], blockId: string, actionId: string): Fields | undefined {
  const block = blocks.find((one) => one.block_id === blockId)
  if (block === undefined) return undefined
  const listed: readonly unknown[] = Array.isArray(block.elements) ? block.elements : []
  return [...listed, block.accessory, block.element]
    .filter(isFields)
    .find((one) => one.action_id === actionId)
}

/**
 * The fields that say what was chosen, or undefined when `value` is not one of the element's options.
 * Check boxes take their values comma-separated, so that several can be chosen.
 */
export function chosen(element: Fields, value: string | undefined): Fields | undefined {
  const type = String(element.type)
  const make = Object.hasOwn(choices, type) ? choices[type] : undefined
  return make === undefined ? {} : make(element, value)
}

const choices: Readonly<Record<string, (element: Fields, value: string | undefined) => Fields | undefined>> =
  {
    button: ({ text, value, style, url }) => defined({ text, value, style, url }),
    overflow: oneOption,
    static_select: oneOption,
    radio_buttons: oneOption,
    external_select: oneOption,
    checkboxes: someOptions,
    multi_static_select: someOptions,
    users_select: (_element, value) => ({ selected_user: value ?? null }),
    channels_select: (_element, value) => ({ selected_channel: value ?? null }),
    conversations_select: (_element, value) => ({ selected_conversation: value ?? null }),
    datepicker: (_element, value) => ({ selected_date: value ?? null }),
    timepicker: (_element, value) => ({ selected_time: value ?? null }),
    plain_text_input: (_element, value) => ({ value: value ?? null }),
  }

function oneOption(element: Fields, value: string | undefined): Fields | undefined {
  const option = optionsOf(element).find((one) => one.value === value)
  return option && { selected_option: option }
}

function someOptions(element: Fields, value: string | undefined): Fields | undefined {
  const wanted = (value ?? '').split(',').filter((one) => one !== '')
  const options = optionsOf(element).filter((one) => wanted.includes(String(one.value)))
  return options.length === wanted.length ? { selected_options: options } : undefined
}

function optionsOf(element: Fields): Fields[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isFields) : []
  const grouped = groups.flatMap((group) => (Array.isArray(group.options) ? group.options : []))
  return [...(Array.isArray(element.options) ? element.options : []), ...grouped].filter(isFields)
}

function defined(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}
