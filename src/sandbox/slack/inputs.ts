/** What Slack's own client does with a modal's inputs before it sends them: fill in the blanks, insist on the required. */
import type { ViewState } from '../wire.ts'
import { codePoints, type Fields, isFields } from './blocks/shape.ts'
import type { StoredView } from './workspace.ts'

/** `state.values` for all inputs of the view; what the member left alone has its initial value, or null. */
export function completeState(view: StoredView, state: ViewState): Record<string, Record<string, Fields>> {
  const values: Record<string, Record<string, Fields>> = {}
  for (const { blockId, element } of inputs(view)) {
    const actionId = String(element.action_id)
    const given = state[blockId]?.[actionId]
    values[blockId] = {
      [actionId]: given === undefined ? initial(element) : { ...given, type: element.type },
    }
  }
  return values
}

/** What the client would not let the member send, by block id; empty when all is well. */
export function clientErrors(
  view: StoredView,
  values: ReturnType<typeof completeState>,
): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { blockId, element, optional } of inputs(view)) {
    if (!view.sent.blocks.some((block) => block.block_id === blockId && block.type === 'input')) continue
    const message = complaint(element, values[blockId]?.[String(element.action_id)], optional)
    if (message !== undefined) errors[blockId] = message
  }
  return errors
}

function complaint(element: Fields, value: Fields | undefined, optional: boolean): string | undefined {
  if (value === undefined || isEmpty(value))
    return optional ? undefined : 'Please complete this required field.'
  if (element.type !== 'plain_text_input' || typeof value.value !== 'string') return undefined
  const length = codePoints(value.value)
  const { min_length: min = 0, max_length: max = 3000 } = element
  if (length < Number(min)) return `Please enter at least ${Number(min)} characters.`
  return length > Number(max) ? `Please enter no more than ${Number(max)} characters.` : undefined
}

/** Elements whose values a view reports: those in inputs, and choices in sections and actions. */
function inputs(view: StoredView): { blockId: string; element: Fields; optional: boolean }[] {
  return view.sent.blocks.flatMap((block) => {
    const listed: readonly unknown[] =
      block.type === 'actions' && Array.isArray(block.elements) ? block.elements : []
    const held = [block.element, block.accessory, ...listed].filter(isFields)
    const withValue = held.filter(
      (element) => !['button', 'overflow', 'image'].includes(String(element.type)),
    )
    return withValue.map((element) => ({
      blockId: String(block.block_id),
      element,
      optional: block.optional === true,
    }))
  })
}

/** Where an element keeps its value, and under which name it may start with one. */
const valueKeys: Readonly<Record<string, readonly [value: string, initial: string]>> = {
  static_select: ['selected_option', 'initial_option'],
  radio_buttons: ['selected_option', 'initial_option'],
  checkboxes: ['selected_options', 'initial_options'],
  multi_static_select: ['selected_options', 'initial_options'],
  users_select: ['selected_user', 'initial_user'],
  multi_users_select: ['selected_users', 'initial_users'],
  channels_select: ['selected_channel', 'initial_channel'],
  conversations_select: ['selected_conversation', 'initial_conversation'],
  datepicker: ['selected_date', 'initial_date'],
  timepicker: ['selected_time', 'initial_time'],
  datetimepicker: ['selected_date_time', 'initial_date_time'],
  rich_text_input: ['rich_text_value', 'initial_value'],
}

function initial(element: Fields): Fields {
  const type = String(element.type)
  const [valueKey, initialKey] = valueKeys[type] ?? ['value', 'initial_value']
  const nothing = valueKey.endsWith('s') ? [] : null
  return { type, [valueKey]: element[initialKey] ?? nothing }
}

function isEmpty(value: Fields): boolean {
  const rest = Object.entries(value).filter(([key]) => key !== 'type')
  return rest.every(
    ([, one]) => one === null || one === undefined || one === '' || (Array.isArray(one) && one.length === 0),
  )
}
