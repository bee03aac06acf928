import { expect, test } from 'vitest'
import { collectState, entryKey, fieldErrors } from '../../../src/sandbox/page/blocks/viewState.ts'
import type { Block } from '../../../src/sandbox/wire.ts'

const text = (value: string) => ({ type: 'plain_text', text: value })
const option = (value: string) => ({ text: text(value), value })
const input = (blockId: string, element: object, more: object = {}): Block => ({
  type: 'input',
  block_id: blockId,
  label: text(blockId),
  element,
  ...more,
})
const reason = { type: 'plain_text_input', action_id: 'text', multiline: true, min_length: 5, max_length: 10 }

test('an untouched text is null, as Slack sends it', () => {
  expect(collectState([input('reason', reason)], {})).toEqual({
    reason: { text: { type: 'plain_text_input', value: null } },
  })
})

test('what was entered wins over what an element began with', () => {
  const blocks = [input('reason', { ...reason, initial_value: 'before' })]

  expect(collectState(blocks, {})).toMatchObject({ reason: { text: { value: 'before' } } })
  expect(collectState(blocks, { [entryKey('reason', 'text')]: { value: 'after' } })).toMatchObject({
    reason: { text: { value: 'after' } },
  })
})

test('choices carry the whole option, and an initial option counts only when it is offered', () => {
  const options = [option('a'), option('b')]
  const blocks = [
    input('one', { type: 'static_select', action_id: 'x', options, initial_option: option('b') }),
    input('two', { type: 'radio_buttons', action_id: 'x', options, initial_option: option('c') }),
    input('three', { type: 'checkboxes', action_id: 'x', options, initial_options: [option('a')] }),
  ]

  expect(collectState(blocks, {})).toEqual({
    one: { x: { type: 'static_select', selected_option: option('b') } },
    two: { x: { type: 'radio_buttons', selected_option: null } },
    three: { x: { type: 'checkboxes', selected_options: [option('a')] } },
  })
})

test('options in groups are offered too', () => {
  const groups = [{ label: text('g'), options: [option('a')] }]
  const element = {
    type: 'static_select',
    action_id: 'x',
    option_groups: groups,
    initial_option: option('a'),
  }

  expect(collectState([input('one', element)], {})).toMatchObject({
    one: { x: { selected_option: option('a') } },
  })
})

test('elements in actions and accessories have a state, buttons have none', () => {
  const select = { type: 'static_select', action_id: 's', options: [option('a')] }
  const blocks: Block[] = [
    {
      type: 'actions',
      block_id: 'row',
      elements: [{ type: 'button', action_id: 'b', text: text('Go') }, select],
    },
    { type: 'section', block_id: 'sec', text: text('x'), accessory: select },
  ]

  expect(collectState(blocks, {})).toEqual({
    row: { s: { type: 'static_select', selected_option: null } },
    sec: { s: { type: 'static_select', selected_option: null } },
  })
})

test('a required field left empty is told before anything is sent, an optional one is not', () => {
  expect(fieldErrors([input('reason', reason)], {})).toEqual({
    reason: 'Please complete this required field.',
  })
  expect(fieldErrors([input('reason', reason, { optional: true })], {})).toEqual({})
})

test('length is counted in characters, not in code units', () => {
  const enter = (value: string) =>
    fieldErrors([input('reason', reason)], { [entryKey('reason', 'text')]: { value } })

  expect(enter('four')).toEqual({ reason: 'Please enter at least 5 characters (now 4).' })
  expect(enter('12345678901')).toEqual({ reason: 'Please enter at most 10 characters (now 11).' })
  expect(enter('👍👍👍👍👍👍👍👍👍👍')).toEqual({})
})
