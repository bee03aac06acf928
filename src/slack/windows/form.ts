import type { InputBlock, ModalView, PlainTextOption } from '@slack/types'
import type { Field, Option } from '../../card/forms/form.ts'
import type { Text } from '../../card/span.ts'
import type { OpenedForm } from '../../channels/verbs.ts'
import { context, plain } from '../text/blocks.ts'
import { blocksOf, plainOf } from '../text/spans.ts'
import { label, shell } from './shell.ts'

/** Every input of ours holds its text under this id; its block has the name of the field. */
export const inputAction = 'text'

/** Boxes to tick; of more, what is chosen is picked from a menu. */
const mostBoxes = 10

/** A window in which somebody writes. */
export function formModal({ window, form, origin }: OpenedForm): ModalView {
  return {
    ...shell(form.title, origin),
    close: label('Cancel'),
    submit: label(form.submit),
    blocks: [
      ...blocksOf(form.people, form.passages),
      ...form.fields.map(fieldBlock),
      context(plain(form.about)),
    ],
    callback_id: window,
  }
}

export function fieldBlock(field: Field): InputBlock {
  const isOptional = field.kind === 'tick' || (field.kind === 'text' && field.optional)
  return {
    type: 'input',
    block_id: field.name,
    ...(isOptional && { optional: true }),
    label: plain(wordsOf(field.label), 2_000),
    ...(field.hint.length > 0 && { hint: plain(wordsOf(field.hint), 2_000) }),
    element: elementOf(field),
  }
}

function elementOf(field: Field): InputBlock['element'] {
  if (field.kind === 'text') return textElement(field)
  if (field.kind === 'number')
    return {
      type: 'number_input',
      action_id: inputAction,
      is_decimal_allowed: false,
      min_value: String(field.min),
      max_value: String(field.max),
      initial_value: String(field.initial),
    }
  if (field.kind === 'tick')
    return {
      type: 'checkboxes',
      action_id: inputAction,
      options: [optionOf({ says: field.says, value: 'yes' })],
    }
  const options = field.options.map(optionOf)
  if (field.kind === 'several') return severalElement(options, field.chosen)
  const [first] = options
  return {
    type: 'radio_buttons',
    action_id: inputAction,
    options,
    ...(first && { initial_option: first }),
  }
}

function textElement(field: Extract<Field, { kind: 'text' }>): InputBlock['element'] {
  return {
    type: 'plain_text_input',
    action_id: inputAction,
    multiline: field.multiline,
    ...(field.min > 0 && { min_length: field.min }),
    max_length: field.max,
    ...(field.initial !== '' && { initial_value: field.initial }),
  }
}

function severalElement(options: PlainTextOption[], chosen: readonly string[]): InputBlock['element'] {
  const initial = options.filter(({ value = '' }) => chosen.includes(value))
  return {
    type: options.length > mostBoxes ? 'multi_static_select' : 'checkboxes',
    action_id: inputAction,
    options,
    ...(initial.length > 0 && { initial_options: initial }),
  }
}

function optionOf({ says, value }: Option): PlainTextOption {
  return { text: plain(wordsOf(says), 75), value }
}

/** Nobody is mentioned in a field. */
function wordsOf(text: Text): string {
  return plainOf(new Map(), text)
}
