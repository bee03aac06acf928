/** What the client knows of inputs: what they hold at first, and what it does not send. */
import { inputsIn } from '../cardWalk.ts'
import type { Card, CardInputs } from '../wire.ts'

/** All inputs of the card: as filled in, else as they are at first. Only what the card has. */
export function completed(card: Card, filled: CardInputs): CardInputs {
  const entries = inputsIn(card).map((input) => {
    const id = String(input.id)
    const first = input.value ?? (input.type === 'Input.Toggle' ? (input.valueOff ?? 'false') : '')
    return [id, filled[id] ?? String(first)] as const
  })
  return Object.fromEntries(entries)
}

/** What has to be mended before anything is sent, by input. */
export function clientErrors(card: Card, inputs: CardInputs): Readonly<Record<string, string>> {
  const wrong = inputsIn(card).flatMap((input) => {
    const id = String(input.id)
    const text = inputs[id] ?? ''
    return isWrong(input, text) ? [[id, String(input.errorMessage ?? 'This is required.')] as const] : []
  })
  return Object.fromEntries(wrong)
}

function isWrong(input: Readonly<Record<string, unknown>>, text: string): boolean {
  if (input.type === 'Input.Toggle')
    return input.isRequired === true && text !== String(input.valueOn ?? 'true')
  if (text === '') return input.isRequired === true
  if (typeof input.maxLength === 'number' && text.length > input.maxLength) return true
  return typeof input.regex === 'string' && !new RegExp(input.regex).test(text)
}
