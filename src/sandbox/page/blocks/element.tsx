import type { ReactNode } from 'react'
import { Undrawn } from './boundary.tsx'
import { ButtonElement } from './button.tsx'
import { Choices } from './choices.tsx'
import type { ElementProps } from './elementProps.ts'
import { Overflow } from './overflow.tsx'
import { Select, UsersSelect } from './select.tsx'
import { string } from './shape.ts'
import { TextInput } from './textInput.tsx'

const drawers: Readonly<Record<string, (props: ElementProps) => ReactNode>> = {
  button: ButtonElement,
  overflow: Overflow,
  static_select: Select,
  multi_static_select: Select,
  users_select: UsersSelect,
  radio_buttons: Choices,
  checkboxes: Choices,
  plain_text_input: TextInput,
  email_text_input: TextInput,
  url_text_input: TextInput,
  number_input: TextInput,
  datepicker: TextInput,
  timepicker: TextInput,
  image: ImageElement,
}

/** One block element: a button, a select, an input. */
export function Element(props: ElementProps) {
  const type = string(props.element.type)
  const Drawn = Object.hasOwn(drawers, type) ? drawers[type] : undefined
  if (!Drawn)
    return <Undrawn what={type || 'element'} why="it is a kind of element that this page does not know" />
  return <Drawn {...props} />
}

function ImageElement({ element }: ElementProps) {
  return <img className="accessory-image" src={string(element.image_url)} alt={string(element.alt_text)} />
}
