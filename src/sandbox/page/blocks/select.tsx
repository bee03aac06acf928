import { usePeople } from '../people.tsx'
import type { ElementProps } from './elementProps.ts'
import { plainShown } from './inline.tsx'
import { isShape, optionsOf, type Shape, shapes, string } from './shape.ts'
import { useSurface } from './surface.tsx'

/** static_select and multi_static_select, with option groups where there are some. */
export function Select(props: ElementProps) {
  const { element, blockId, dispatches = true } = props
  const surface = useSurface()
  const multiple = element.type === 'multi_static_select'
  const entered = surface.entered(blockId, element)
  const chosen = multiple ? shapes(entered.selected_options) : [entered.selected_option].filter(isShape)
  const values = chosen.map((option) => string(option.value))

  const choose = (picked: readonly string[]) => {
    const options = optionsOf(element).filter((option) => picked.includes(string(option.value)))
    const next = multiple ? { selected_options: options } : { selected_option: options[0] ?? null }
    surface.enter(blockId, element, next)
    if (dispatches) surface.press(blockId, element, picked.join(','), next)
  }

  return (
    <select
      {...attributes(props)}
      multiple={multiple}
      disabled={surface.disabled}
      value={multiple ? values : (values[0] ?? '')}
      onChange={(event) => choose([...event.target.selectedOptions].map((option) => option.value))}
    >
      {!multiple && (
        <option value="" disabled>
          {plainShown(element.placeholder) || 'Choose an option'}
        </option>
      )}
      {shapes(element.options).map(drawOption)}
      {shapes(element.option_groups).map((group) => (
        <optgroup key={plainShown(group.label)} label={plainShown(group.label)}>
          {shapes(group.options).map(drawOption)}
        </optgroup>
      ))}
    </select>
  )
}

/** Offers everybody in the workspace, as Slack does: whether the choice makes sense is for the app to say. */
export function UsersSelect(props: ElementProps) {
  const { element, blockId, dispatches = true } = props
  const surface = useSurface()
  const people = usePeople()
  const chosen = string(surface.entered(blockId, element).selected_user)

  return (
    <select
      {...attributes(props)}
      disabled={surface.disabled}
      value={chosen}
      onChange={(event) => {
        const next = { selected_user: event.target.value }
        surface.enter(blockId, element, next)
        if (dispatches) surface.press(blockId, element, event.target.value, next)
      }}
    >
      <option value="" disabled>
        {plainShown(element.placeholder) || 'Choose a person'}
      </option>
      {[...people.members.values()].map((member) => (
        <option key={member.id} value={member.id}>
          {member.realName}
        </option>
      ))}
    </select>
  )
}

function drawOption(option: Shape) {
  return (
    <option key={string(option.value)} value={string(option.value)}>
      {plainShown(option.text)}
    </option>
  )
}

function attributes({ element, labelledBy, describedBy, required, invalid }: ElementProps) {
  return {
    className: 'select',
    'data-action-id': string(element.action_id),
    'data-testid': 'select',
    'data-focus-on-load': element.focus_on_load === true ? '' : undefined,
    'aria-labelledby': labelledBy,
    'aria-label': labelledBy ? undefined : plainShown(element.placeholder) || 'Choose',
    'aria-describedby': describedBy,
    'aria-required': required,
    'aria-invalid': invalid,
  }
}
