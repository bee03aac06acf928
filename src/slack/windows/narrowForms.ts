import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types'
import { factsOf, type ShownRequest, summaryOf } from '../../card/facts.ts'
import { loweredLines } from '../../card/narrowing.ts'
import { revealLine } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import { digestAction } from '../../core/action.ts'
import { pointerTo } from '../../core/json.ts'
import { type Lowered, type Narrowable, type NarrowableParam, narrowableOf } from '../../core/narrowing.ts'
import type { CurrentRequest } from '../../core/request.ts'
import { context, mrkdwn, plain, preformatted, section } from '../text/blocks.ts'
import { inputAction, proseField, reasonBlock } from './fields.ts'
import { label, shell, type ViewOrigin } from './shell.ts'

// The window in which an approver lets less through than was asked, and what it shows before that counts.

/** Boxes to tick; more items are picked from a menu, and of still more Slack draws none. */
const mostBoxes = 10
const mostPicked = 100
/** So many parameters have a field. */
const mostFields = 20

/** What somebody has entered. */
export interface Entered {
  readonly field: (block: string) => string
  readonly picked: (block: string) => readonly string[]
}

/** Block id of the field of a parameter: the place that a refusal names, without its first slash. */
function lowerBlock(parameter: string): string {
  return pointerTo('/narrow', parameter).slice(1)
}

/** A field for each parameter that the policy lets approvers lower, as it was asked. */
export function narrowForm(view: RequestView, origin: ViewOrigin): ModalView {
  const { request } = view
  const narrowable = narrowableOf(request)
  const means =
    'What was asked is then denied, and another request asks for what you leave of it, until the same deadline. Policy judges that one anew, and what was required stays required. Your approval goes with it; votes of others do not.'
  return {
    ...shell('Narrow this action', origin),
    close: label('Cancel'),
    submit: label('Look at what is left'),
    blocks: [
      section(plain(summaryOf(factsOf(request)))),
      section(mrkdwn(means)),
      ...fieldsOf(request, narrowable, null),
      context(plain(request.id)),
    ],
  }
}

/** What was asked beside what would be left, whole, before it counts; with the fields, so that it can be lowered further. */
export function narrowedForm(
  view: RequestView,
  origin: ViewOrigin,
  left: { readonly request: CurrentRequest; readonly lowered: Lowered },
): ModalView {
  const { request } = view
  const facts = factsOf(left.request)
  const whole =
    facts.fits && facts.drawn.parameters.length > 0 ? [preformatted(facts.drawn.parameters.join('\n'))] : []
  return {
    ...shell('Narrow this action', { ...origin, left: left.request.digest }),
    close: label('Cancel'),
    submit: label('Narrow'),
    blocks: [
      section(plain(summaryOf(facts))),
      section(mrkdwn('*You lower:*')),
      preformatted(loweredLines(request, left.request).join('\n')),
      ...(whole.length > 0 ? [section(mrkdwn('*What is left, and what you approve:*')), ...whole] : []),
      ...(request.requirement && request.requirement.confirm.length > 0
        ? [
            section(
              mrkdwn('Policy wants a text typed for an approval: give yours on the card of what is left.'),
            ),
          ]
        : []),
      ...fieldsOf(request, narrowableOf(request), left.lowered),
      context(plain(request.id)),
    ],
  }
}

/** The request as it would be, for showing; what is hidden from people stays hidden. */
export function leftOf(
  request: CurrentRequest,
  params: CurrentRequest['action']['params'],
): CurrentRequest & ShownRequest {
  const action = { ...request.action, params }
  const { preview: _, ...rest } = request
  return { ...rest, action, digest: digestAction(action) }
}

/** What was entered, by parameter; a number that is none is left as it was written, for the refusal to say so. */
export function loweredIn(narrowable: Narrowable, { field, picked }: Entered): Lowered {
  const entries = drawnOf(narrowable).map(([name, param]): [string, Lowered[string]] => {
    const block = lowerBlock(name)
    if ('items' in param) {
      const ticked = new Set(picked(block))
      return [name, param.items.filter((_, nth) => ticked.has(String(nth)))]
    }
    const text = field(block).trim()
    return [name, /^\d{1,16}$/.test(text) ? Number(text) : text]
  })
  return Object.fromEntries(entries)
}

/** Those that have a field. */
function drawnOf(narrowable: Narrowable): readonly (readonly [string, NarrowableParam])[] {
  const drawable = [...narrowable].filter(
    ([, param]) => !('items' in param) || param.items.length <= mostPicked,
  )
  return drawable.slice(0, mostFields)
}

function fieldsOf(
  { requirement }: CurrentRequest,
  narrowable: Narrowable,
  lowered: Lowered | null,
): KnownBlock[] {
  const drawn = drawnOf(narrowable)
  const left = [...narrowable.keys()].filter((name) => !drawn.some(([one]) => one === name))
  const cannot = left.map((name) => plain(`${revealLine(name)}: too much to be lowered here.`, 200))
  return [
    ...drawn.map(([name, param]) => fieldOf(name, param, lowered?.[name])),
    ...(cannot.length > 0 ? [context(...cannot.slice(0, 10))] : []),
    proseField({
      block: reasonBlock,
      label: 'Why?',
      hint: 'Recorded with your name, and shown in the thread. The agent reads it.',
      demand: requirement?.reason ?? null,
      optional: !requirement?.reason,
    }),
  ]
}

function fieldOf(name: string, param: NarrowableParam, to: Lowered[string] | undefined): InputBlock {
  const block = { type: 'input' as const, block_id: lowerBlock(name), label: plain(revealLine(name), 200) }
  if (!('items' in param)) {
    const { value, min } = param
    return {
      ...block,
      hint: plain(`Asked: ${value.toLocaleString('en')}. At least ${min.toLocaleString('en')}.`),
      element: {
        type: 'number_input',
        action_id: inputAction,
        is_decimal_allowed: false,
        min_value: String(min),
        max_value: String(value),
        initial_value: String(typeof to === 'number' ? to : value),
      },
    }
  }
  const options = param.items.map(optionOf)
  const chosen = Array.isArray(to) ? ticksOf(param.items, to) : options.map((_, nth) => nth)
  const initial = options.filter((_, nth) => chosen.includes(nth))
  const type = options.length > mostBoxes ? ('multi_static_select' as const) : ('checkboxes' as const)
  return {
    ...block,
    hint: plain(`Asked: ${options.length}. Leave out what is too much, but not all.`),
    element: {
      type,
      action_id: inputAction,
      options,
      ...(initial.length > 0 && { initial_options: initial }),
    },
  }
}

/** The places of the items that are left. */
function ticksOf(items: readonly (string | number)[], left: readonly unknown[]): readonly number[] {
  let at = 0
  return items.flatMap((item, nth) => {
    if (item !== left[at]) return []
    at += 1
    return [nth]
  })
}

/** With its place before it: two that are cut alike stay two. */
function optionOf(item: string | number, nth: number): PlainTextOption {
  return { text: plain(`${nth + 1} · ${revealLine(String(item))}`, 75), value: String(nth) }
}
