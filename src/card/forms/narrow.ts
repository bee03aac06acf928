import { digestAction } from '../../core/action.ts'
import { pointerTo } from '../../core/json.ts'
import { type Lowered, type Narrowable, type NarrowableParam, narrowableOf } from '../../core/narrowing.ts'
import type { CurrentRequest } from '../../core/request.ts'
import { factsOf, type ShownRequest, summaryOf } from '../facts.ts'
import { loweredLines } from '../narrowing.ts'
import type { Passage } from '../passage.ts'
import { ours, outside, say, shown, strong } from '../span.ts'
import type { RequestView } from '../view.ts'
import { proseField, reasonField } from './fields.ts'
import type { Entered, Field, FormContent, Option } from './form.ts'
import { theSummary } from './theAction.ts'

// The window in which an approver lets less through than was asked, and what it shows before that counts.

/** Of more items nobody picks in a window. */
const mostPicked = 100
/** So many parameters have a field. */
const mostFields = 20

/** Name of the field of a parameter. */
function lowerField(parameter: string): string {
  return pointerTo('/narrow', parameter).slice(1)
}

/** A field for each parameter that the policy lets approvers lower, as it was asked. */
export function narrowForm(view: RequestView): FormContent {
  const { request, people } = view
  const narrowable = narrowableOf(request)
  const means = say`What was asked is then denied, and another request asks for what you leave of it, until the same deadline. Policy judges that one anew, and what was required stays required. Your approval goes with it; votes of others do not.`
  return {
    title: 'Narrow this action',
    submit: 'Look at what is left',
    passages: [theSummary(view), { line: means }, ...unlowered(narrowable)],
    fields: fieldsOf(request, narrowable, null),
    about: request.id,
    people,
  }
}

/** What was asked beside what would be left, whole, before it counts; with the fields, so that it can be lowered further. */
export function narrowedForm(
  { request, people }: RequestView,
  left: { readonly request: CurrentRequest; readonly lowered: Lowered },
): FormContent {
  const facts = factsOf(left.request)
  const narrowable = narrowableOf(request)
  const whole: readonly Passage[] =
    facts.fits && facts.drawn.parameters.length > 0
      ? [{ line: [strong`What is left, and what you approve:`] }, { lines: facts.drawn.parameters }]
      : []
  const later: readonly Passage[] =
    request.requirement && request.requirement.confirm.length > 0
      ? [
          {
            line: say`Policy wants a text typed for an approval: give yours on the card of what is left.`,
          },
        ]
      : []
  return {
    title: 'Narrow this action',
    submit: 'Narrow',
    passages: [
      { line: [shown(summaryOf(facts), 3_000)] },
      { line: [strong`You lower:`] },
      { lines: loweredLines(request, left.request) },
      ...whole,
      ...later,
      ...unlowered(narrowable),
    ],
    fields: fieldsOf(request, narrowable, left.lowered),
    about: request.id,
    people,
    keeps: { left: left.request.digest },
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
    const from = lowerField(name)
    if ('items' in param) {
      const ticked = new Set(picked(from))
      return [name, param.items.filter((_, nth) => ticked.has(String(nth)))]
    }
    const text = field(from).trim()
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

/** Those that have none. */
function unlowered(narrowable: Narrowable): readonly Passage[] {
  const drawn = drawnOf(narrowable)
  const left = [...narrowable.keys()].filter((name) => !drawn.some(([one]) => one === name))
  const cannot = left.map((name) => say`${outside(name, 160)}: too much to be lowered here.`)
  return cannot.length > 0 ? [{ notes: cannot.slice(0, 10) }] : []
}

function fieldsOf(
  { requirement }: CurrentRequest,
  narrowable: Narrowable,
  lowered: Lowered | null,
): readonly Field[] {
  return [
    ...drawnOf(narrowable).map(([name, param]) => fieldOf(name, param, lowered?.[name])),
    proseField({
      name: reasonField,
      label: say`Why?`,
      hint: say`Recorded with your name, and shown in the thread. The agent reads it.`,
      demand: requirement?.reason ?? null,
      optional: !requirement?.reason,
    }),
  ]
}

function fieldOf(name: string, param: NarrowableParam, to: Lowered[string] | undefined): Field {
  const named = { name: lowerField(name), label: [outside(name, 200)] }
  if (!('items' in param)) {
    const { value, min } = param
    return {
      ...named,
      kind: 'number',
      hint: say`Asked: ${ours(value.toLocaleString('en'))}. At least ${ours(min.toLocaleString('en'))}.`,
      min,
      max: value,
      initial: typeof to === 'number' ? to : value,
    }
  }
  const places = Array.isArray(to) ? ticksOf(param.items, to) : param.items.map((_, nth) => nth)
  return {
    ...named,
    kind: 'several',
    hint: say`Asked: ${param.items.length}. Leave out what is too much, but not all.`,
    options: param.items.map(optionOf),
    chosen: places.map(String),
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
function optionOf(item: string | number, nth: number): Option {
  return { says: say`${nth + 1} · ${outside(String(item), 75)}`, value: String(nth) }
}
