import type { KeyboardEvent } from 'react'
import type { ElementProps } from './elementProps.ts'
import { plainShown } from './inline.tsx'
import { string } from './shape.ts'
import { useSurface } from './surface.tsx'

/** Where the entered string stands in Slack's value object, and which control takes it. */
const kinds: Readonly<Record<string, { readonly field: string; readonly control: string }>> = {
  plain_text_input: { field: 'value', control: 'text' },
  email_text_input: { field: 'value', control: 'email' },
  url_text_input: { field: 'value', control: 'url' },
  number_input: { field: 'value', control: 'number' },
  datepicker: { field: 'selected_date', control: 'date' },
  timepicker: { field: 'selected_time', control: 'time' },
}

/** Everything that people type, and the two pickers that the browser has of its own. */
export function TextInput(props: ElementProps) {
  const { element, blockId, labelledBy, describedBy, dispatches = false } = props
  const surface = useSurface()
  const { field, control } = kinds[string(element.type)] ?? { field: 'value', control: 'text' }
  const text = string(surface.entered(blockId, element)[field])
  const left = typeof element.max_length === 'number' ? element.max_length - [...text].length : null

  const shared = {
    className: 'input',
    value: text,
    disabled: surface.disabled,
    placeholder: plainShown(element.placeholder),
    'data-testid': 'input',
    'data-action-id': string(element.action_id),
    'data-focus-on-load': element.focus_on_load === true ? '' : undefined,
    'aria-labelledby': labelledBy,
    'aria-describedby': describedBy,
    'aria-required': props.required,
    'aria-invalid': props.invalid,
    onChange: (event: { target: { value: string } }) =>
      surface.enter(blockId, element, { [field]: event.target.value === '' ? null : event.target.value }),
    onKeyDown: (event: KeyboardEvent) => {
      if (dispatches && event.key === 'Enter' && !element.multiline) surface.press(blockId, element, text)
    },
  }

  return (
    <>
      {element.multiline === true ? <textarea {...shared} rows={4} /> : <input {...shared} type={control} />}
      {left !== null && left <= 50 && (
        <span className={left < 0 ? 'count over' : 'count'} aria-live="polite">
          {left < 0 ? `${-left} too many` : `${left} left`}
        </span>
      )}
    </>
  )
}
