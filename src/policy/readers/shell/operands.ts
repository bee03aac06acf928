import type { Slot } from './commandCatalogue.ts'
import type { Trouble } from './scan.ts'
import type { ShellWord } from './simpleCommands.ts'
import { type Named, quoted, type Rules, take } from './words.ts'

interface Taking {
  readonly operands: readonly ShellWord[]
  readonly rest: readonly ShellWord[]
  readonly label: string
  readonly at: number
  readonly rules: Rules
  readonly named: Named
}

/** Takes the operands as one form of an entry has them; null: they fit, and what they name was added. */
export function takeForm(
  slots: readonly Slot[],
  { operands, rest, label, at, rules, named }: Taking,
): Trouble | null {
  let place = 0
  for (const word of operands) {
    const slot = slots[place]
    if (!slot)
      return { why: `${quoted(word.value)} is one operand too many for ${quoted(label)}.`, at: word.at }
    const repeats = slot.times === 'some' || slot.times === 'any'
    if (word.pattern && !repeats)
      return { why: `${quoted(word.value)} can become several words.`, at: word.at }
    const trouble = take(word, slot.kind, { rules, named })
    if (trouble !== null) return trouble
    if (!repeats) place += 1
  }
  const repeated = slots[place]?.times === 'some' && operands.length > place
  const missing = slots
    .slice(repeated ? place + 1 : place)
    .find(({ times }) => times === 'one' || times === 'some')
  const isRest = missing?.kind.role === 'command' || missing?.kind.role === 'remote'
  if (missing && !(isRest && rest.length > 0))
    return { why: `${quoted(label)} is not known without ${missing.kind.name}.`, at }
  return null
}
