import type { CardButton, CardButtons } from '../../card/buttons.ts'
import { type ButtonValue, buttonValue } from '../../channels/buttonValue.ts'
import type { AnyRequest } from '../../core/request.ts'
import type { ActionSet, DialogAction, ExecuteAction } from './elements.ts'

/** The buttons of a card, and behind them its menu. */
export function buttonsOf(
  card: string,
  request: AnyRequest,
  { main, menu }: CardButtons,
): readonly ActionSet[] {
  if (main.length === 0) return []
  const value = buttonValue({ request: request.id, card })
  const actions = [
    ...main.map((one) => dialogFor(one, value)),
    ...menu.map((one) => inMenu(dialogFor(one, value))),
  ]
  return [actionSet(actions)]
}

/** What can be done with one request of several: it is read first. */
export function lineButtons(value: ButtonValue, menu: readonly CardButton[]): readonly ActionSet[] {
  const [first, ...others] = [...menu].sort(
    (a, b) => Number(b.command === 'full') - Number(a.command === 'full'),
  )
  if (!first) return []
  const text = buttonValue(value)
  return [actionSet([dialogFor(first, text), ...others.map((one) => inMenu(dialogFor(one, text)))])]
}

/** Opens the window of a button: in Teams nothing is decided by the press alone. */
export function dialogFor(button: CardButton, value: string): DialogAction {
  return { ...dialog(button.label, windowOf(button), value), ...styleOf(button) }
}

/** What is opened, as our handlers know it. */
export function windowOf({ command }: CardButton): string {
  return command === 'approve' ? 'approve_form' : command
}

/** It opens a window and decides nothing: Teams knows no other way to ask for one. */
export function dialog(title: string, open: string, value: string): DialogAction {
  return { type: 'Action.Submit', title, data: { msteams: { type: 'task/fetch' }, open, value } }
}

/** Reads a request, from wherever it is named. */
export function openRequest(title: string, request: string): DialogAction {
  return dialog(title, 'open', buttonValue({ request, card: null }))
}

/** Asked of us whenever the card comes into sight; it decides nothing. */
export function refreshOf(card: string, request: string): ExecuteAction {
  const value = buttonValue({ request, card })
  return { type: 'Action.Execute', title: 'Refresh', verb: 'refresh', data: { value } }
}

/** Of buttons beside each other Teams draws so many. */
const mostBeside = 6

/** What does not stand beside the others is in the menu behind them: nothing that can be done is left out. */
export function actionSet(actions: ActionSet['actions']): ActionSet {
  const beside = actions.filter(({ mode }) => mode === undefined)
  const over = new Set(beside.slice(mostBeside))
  const placed = actions.map((one) => (over.has(one) ? { ...one, mode: 'secondary' as const } : one))
  return { type: 'ActionSet', spacing: 'Medium', actions: placed }
}

function inMenu(action: DialogAction): DialogAction {
  const { style: _, ...plain } = action
  return { ...plain, mode: 'secondary' }
}

function styleOf({ style }: CardButton): Pick<DialogAction, 'style'> {
  if (style === 'plain') return {}
  return { style: style === 'primary' ? 'positive' : 'destructive' }
}
