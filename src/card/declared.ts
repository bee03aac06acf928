import type { AnyRequest } from '../core/request.ts'
import { type Facts, factsOf } from './facts.ts'
import { lengthOf } from './text.ts'

/** What one view shows of two actions, in code points and lines as they are drawn: one page of a full view holds more. */
const oneView = { length: 7_500, lines: 160 } as const

type Shown = Parameters<typeof factsOf>[0]

/**
 * The rollback that was declared with a request and that people are shown with it: not one that policy denied, and not one that was over
 * before they decided. Nothing is promised of that, and nobody has seen it.
 */
export function declaredIn(
  request: Pick<AnyRequest, 'set' | 'state'>,
  rollbacks: readonly AnyRequest[] = [],
): AnyRequest | null {
  const { set } = request
  const found = set && rollbacks.find((one) => one.set?.id === set.id)
  return found && found.verdict.kind !== 'deny' && !isGone(request, found) ? found : null
}

/** Whether a declared rollback ended alone, before people decided about what it would undo. */
export function isGone({ state }: Pick<AnyRequest, 'state'>, rollback: AnyRequest): boolean {
  if (rollback.state === 'cancelled') return rollback.withFirst !== true
  return state === 'pending' && rollback.state !== 'pending' && rollback.state !== 'approved'
}

/**
 * Both actions as people see them, and what is digested as what an approver saw: the action as alone, and below it the rollback, both
 * whole. With no rollback it is the action's.
 */
export function factsWith(first: Shown, rollback: Shown | null): Facts {
  const facts = factsOf(first)
  if (!rollback) return facts
  // It was asked by the same agent, through the same others.
  const other = factsOf({ ...rollback, run: null })
  const lines = [...facts.drawn.parameters, ...other.drawn.parameters]
  const isShort = lines.length <= onCard.lines && lengthOf(lines.join('\n')) <= onCard.length
  return {
    ...facts,
    text: joined(facts.text, other.text),
    drawn: { ...facts.drawn, text: joined(facts.drawn.text, other.drawn.text) },
    hidden: facts.hidden || other.hidden,
    fits: facts.fits && other.fits && isShort,
  }
}

/** As much of the parameters of both as a card shows of one action. */
const onCard = { length: 2_500, lines: 50 } as const

function joined(text: string, other: string): string {
  return `${text}\n\nand its rollback:\n${other}`
}

export function fitsOneView(first: Shown, rollback: Shown): boolean {
  const { text } = factsWith(first, rollback).drawn
  return lengthOf(text) <= oneView.length && text.split('\n').length <= oneView.lines
}
