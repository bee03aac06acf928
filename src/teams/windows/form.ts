import type { Field, Option } from '../../card/forms/form.ts'
import { ours, outside, say, type Text, warning } from '../../card/span.ts'
import type { OpenedForm } from '../../channels/verbs.ts'
import { actionSet } from '../card/buttons.ts'
import type { Element, Input } from '../card/elements.ts'
import { elementsOf, lineOf, noteOf, plainOf } from '../text/spans.ts'
import { type Dialog, dialogOf, sending } from './dialog.ts'

/** What somebody had entered when it was sent, and what was wrong with it, by the names of fields. */
export interface Sent {
  readonly inputs: Readonly<Record<string, string>>
  readonly errors: ReadonlyMap<string, string>
}

const notSent: Sent = { inputs: {}, errors: new Map() }

/** The verbs of windows that are coloured by what they do. */
const styles: Readonly<Record<string, 'positive' | 'destructive'>> = {
  approve_form: 'positive',
  narrow: 'positive',
  deny: 'destructive',
  break_glass: 'destructive',
}

/** A window in which somebody writes. Sent again with what was written when something of it was wrong. */
export function formDialog({ window, form, origin }: OpenedForm, sent: Sent = notSent): Dialog {
  const style = styles[window]
  return dialogOf(form.title, [
    ...elementsOf(form.people, form.passages),
    ...form.fields.flatMap((field) => fieldElements(field, sent)),
    actionSet([{ ...sending(form.submit, window, origin), ...(style && { style }) }]),
    noteOf(new Map(), [ours(form.about)]),
  ])
}

/** What is asked, what was wrong, where it is entered, and its hint. Texts from outside are drawn outside of the input, where nothing is parsed. */
function fieldElements(field: Field, { inputs, errors }: Sent): readonly Element[] {
  const error = errors.get(field.name)
  const options = 'options' in field ? field.options : []
  return [
    ...(isOurs(field.label) ? [] : [lineOf(new Map(), field.label, 'Medium')]),
    ...options.flatMap((option, nth) =>
      isPlain(option) ? [] : [noteOf(new Map(), [ours(`${nth + 1}: `), ...option.says])],
    ),
    ...(error === undefined ? [] : [lineOf(new Map(), say`${warning} ${outside(error, 1_000)}`)]),
    inputOf(field, inputs[field.name]),
    ...(field.hint.length > 0 ? [noteOf(new Map(), field.hint)] : []),
  ]
}

function inputOf(field: Field, entered: string | undefined): Input {
  const asked = { id: field.name, label: labelOf(field) }
  if (field.kind === 'text')
    return {
      ...asked,
      type: 'Input.Text',
      isMultiline: field.multiline,
      maxLength: field.max,
      ...(field.optional ? {} : { isRequired: true, errorMessage: 'Write something here.' }),
      ...filled(entered ?? field.initial),
    }
  if (field.kind === 'number')
    return {
      ...asked,
      type: 'Input.Text',
      maxLength: 20,
      isRequired: true,
      errorMessage: 'Write a number here.',
      ...filled(entered ?? String(field.initial)),
    }
  if (field.kind === 'tick')
    return {
      ...asked,
      type: 'Input.Toggle',
      title: titleOf({ says: field.says, value: '' }, 0),
      wrap: true,
      value: 'false',
    }
  const choices = field.options.map((option, nth) => ({
    title: titleOf(option, nth),
    value: encodeURIComponent(option.value),
  }))
  const first = field.kind === 'one' ? choices[0]?.value : field.chosen.map(encodeURIComponent).join(',')
  return {
    ...asked,
    type: 'Input.ChoiceSet',
    style: 'expanded',
    wrap: true,
    ...(field.kind === 'several' && { isMultiSelect: true }),
    ...filled(entered ?? first ?? ''),
    choices,
  }
}

function filled(value: string): { readonly value?: string } {
  return value === '' ? {} : { value }
}

/** Clients may parse it, so only words of ours stand there. */
function labelOf({ label }: Field): string {
  const said = plainOf(
    new Map(),
    label.filter((span) => 'words' in span),
  ).trim()
  return said === '' ? 'Your entry' : said
}

/** The same: what is not plain has its number, and stands in full above. */
function titleOf(option: Option, nth: number): string {
  return isPlain(option) ? plainOf(new Map(), option.says) : String(nth + 1)
}

function isPlain({ says }: Option): boolean {
  return isOurs(says) || /^[\p{L}\p{N}][\p{L}\p{N} .:,@-]*$/u.test(plainOf(new Map(), says))
}

function isOurs(text: Text): boolean {
  return text.every((span) => 'words' in span)
}
