import { useId } from 'react'
import type { ElementProps } from './elementProps.ts'
import { Text } from './inline.tsx'
import { isShape, optionsOf, type Shape, shapes, string } from './shape.ts'
import { useSurface } from './surface.tsx'

/** radio_buttons and checkboxes: the only options whose text may be mrkdwn. */
export function Choices(props: ElementProps) {
  const { element, blockId, labelledBy, describedBy, dispatches = true } = props
  const surface = useSurface()
  const name = useId()
  const several = element.type === 'checkboxes'
  const entered = surface.entered(blockId, element)
  const chosen = several ? shapes(entered.selected_options) : [entered.selected_option].filter(isShape)
  const isChosen = (option: Shape) => chosen.some((each) => each.value === option.value)

  const choose = (option: Shape) => {
    const kept = chosen.filter((each) => each.value !== option.value)
    const now = several ? (isChosen(option) ? kept : [...chosen, option]) : [option]
    const next = several ? { selected_options: now } : { selected_option: option }
    surface.enter(blockId, element, next)
    if (dispatches) surface.press(blockId, element, now.map((each) => string(each.value)).join(','), next)
  }

  return (
    <fieldset
      className="choices"
      // A group of checkboxes has no required state of its own: what is missing stands in its description.
      {...(!several && {
        role: 'radiogroup',
        'aria-required': props.required,
        'aria-invalid': props.invalid,
      })}
      aria-labelledby={labelledBy}
      aria-describedby={describedBy}
      data-action-id={string(element.action_id)}
    >
      {optionsOf(element).map((option) => (
        <label key={string(option.value)} className="choice">
          <input
            type={several ? 'checkbox' : 'radio'}
            name={name}
            value={string(option.value)}
            checked={isChosen(option)}
            disabled={surface.disabled}
            aria-invalid={several ? props.invalid : undefined}
            onChange={() => choose(option)}
          />
          <span>
            <Text text={option.text} />
            {isShape(option.description) && (
              <small>
                <Text text={option.description} />
              </small>
            )}
          </span>
        </label>
      ))}
    </fieldset>
  )
}
