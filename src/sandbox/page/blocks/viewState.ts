/** What has been entered, and how `view.state.values` says it. Pure: the rules are Slack's. */
import type { Block, ViewState } from '../../wire.ts'
import { blockIdOf, isShape, optionsOf, type Shape, shapes, string } from './shape.ts'

/** Slack's value object for one element, without its `type`: `{ value }`, `{ selected_option }` and so on. */
export type Entered = Readonly<Record<string, unknown>>

/** By `blockId` and `actionId`, joined by `entryKey`; only what the person has touched. */
export type Entries = Readonly<Record<string, Entered>>

export function entryKey(blockId: string, actionId: string): string {
  return `${blockId}\n${actionId}`
}

/** The state of every element that has one, in the shape of `view_submission` and `block_actions`. */
export function collectState(blocks: readonly Block[], entries: Entries): ViewState {
  const state: Record<string, Record<string, Entered>> = {}
  for (const { blockId, element } of statefulElements(blocks)) {
    const actionId = string(element.action_id)
    const entered = enteredIn(element, entries[entryKey(blockId, actionId)])
    state[blockId] = { ...state[blockId], [actionId]: { type: string(element.type), ...entered } }
  }
  return state
}

/** What stands in an element now: what was entered, or what it began with. */
export function enteredIn(element: Shape, entered: Entered | undefined): Entered {
  return entered ?? initial[string(element.type)]?.(element) ?? {}
}

/** What Slack says before it sends anything, by block id: a required field left empty, a text too short or too long. */
export function fieldErrors(blocks: readonly Block[], entries: Entries): Readonly<Record<string, string>> {
  const errors: Record<string, string> = {}
  blocks.forEach((block, index) => {
    if (block.type !== 'input' || !isShape(block.element)) return
    const blockId = blockIdOf(block, index)
    const entered = enteredIn(block.element, entries[entryKey(blockId, string(block.element.action_id))])
    const error = errorIn(block.element, entered, block.optional === true)
    if (error) errors[blockId] = error
  })
  return errors
}

function errorIn(element: Shape, entered: Entered, optional: boolean): string | null {
  const value = Object.values(entered)[0]
  const empty =
    value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
  if (empty) return optional ? null : 'Please complete this required field.'
  if (typeof value !== 'string') return null
  const length = [...value].length
  const { min_length: min, max_length: max } = element
  if (typeof min === 'number' && length < min)
    return `Please enter at least ${min} characters (now ${length}).`
  if (typeof max === 'number' && length > max)
    return `Please enter at most ${max} characters (now ${length}).`
  return null
}

const textual = (element: Shape): Entered => ({ value: string(element.initial_value) || null })
const one = (element: Shape): Entered => ({ selected_option: offered(element, element.initial_option) })
const several = (element: Shape): Entered => ({
  selected_options: shapes(element.initial_options).filter((option) => offered(element, option)),
})

/** What an element holds before anybody touched it. An element that is not here holds nothing (a button). */
const initial: Readonly<Record<string, (element: Shape) => Entered>> = {
  plain_text_input: textual,
  email_text_input: textual,
  url_text_input: textual,
  number_input: textual,
  static_select: one,
  radio_buttons: one,
  multi_static_select: several,
  checkboxes: several,
  users_select: (element) => ({ selected_user: string(element.initial_user) || null }),
  datepicker: (element) => ({ selected_date: string(element.initial_date) || null }),
  timepicker: (element) => ({ selected_time: string(element.initial_time) || null }),
}

function offered(element: Shape, option: unknown): Shape | null {
  if (!isShape(option)) return null
  return optionsOf(element).find((each) => each.value === option.value) ?? null
}

function statefulElements(blocks: readonly Block[]): readonly { blockId: string; element: Shape }[] {
  return blocks.flatMap((block, index) => {
    const blockId = blockIdOf(block, index)
    const elements = [block.element, block.accessory, ...shapes(block.elements)].filter(isShape)
    return elements
      .filter((element) => string(element.type) in initial && string(element.action_id) !== '')
      .map((element) => ({ blockId, element }))
  })
}
