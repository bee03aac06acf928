import type { RE2JS } from '@bufbuild/re2'
import { conditionLimits } from './limits.ts'
import { compiledRegex } from './regex.ts'

/** Searches texts with the regular expressions of conditions, within one budget for each evaluation. */
export interface Searches {
  /** What is wrong with a pattern, or null after compiling it. */
  compile(pattern: string): string | null
  /** Begins an evaluation: the whole budget is there again. */
  begin(): void
  /** Whether the pattern is found anywhere in the text; throws when that is too long or the budget is spent. */
  test(pattern: string, text: string): boolean
}

/**
 * RE2 turns a pattern into an automaton while it searches. As long as texts lead to few states, a character is one look
 * into a table. But a text can be made for `a[ab]{200}c` that leads to a new state with every character, and in the end
 * RE2 goes through the whole pattern for each: linear, and a thousand times slower. So the automaton is walked here before
 * RE2 is asked, and what a state costs to make is counted once in an evaluation, whether or not an earlier request has
 * made it: the same text always comes to the same end. The walk only counts; the answer is RE2's. `budget` is in steps of
 * about ten nanoseconds.
 */
export function searchesWithin(budget: number): Searches {
  const patterns = new Map<string, Pattern>()
  const using = new Set<string>()
  const seen = new Set<State>()
  let left = budget
  const searching = { pattern: '', at: 0 }
  const spend = (steps: number): void => {
    left -= steps
    if (left < 0) throw new Error(sayOut(budget, searching))
  }
  const enter: Walk['enter'] = (state) => {
    if (seen.has(state)) return
    spend(steps.state + steps.part * state.nfaStates.length)
    seen.add(state)
  }
  return {
    compile(pattern) {
      if (patterns.has(pattern)) return null
      const regex = compiledRegex(pattern)
      if (typeof regex === 'string') return regex
      patterns.set(pattern, { regex, rare: 0 })
      return null
    },
    begin() {
      left = budget
      using.clear()
      seen.clear()
    },
    test(pattern, text) {
      const { searched } = conditionLimits
      if (text.length > searched)
        throw new Error(
          `a text of more than ${searched} characters is not searched for ${shortPattern(pattern)}: ask for its size first`,
        )
      const kept = patterns.get(pattern)
      if (kept === undefined)
        throw new Error('a regular expression was not compiled when the policy was loaded')
      if (!using.has(pattern)) renew(pattern, kept)
      using.add(pattern)
      searching.pattern = pattern
      walk(text, { kept, enter, spend, searching })
      return kept.regex.test(text)
    },
  }
}

type Automaton = ReturnType<RE2JS['re2']>['dfa']
type State = NonNullable<Automaton['startState']>
interface Pattern {
  regex: RE2JS
  /** Characters beyond ASCII that were looked up: each may be kept. */
  rare: number
}

/** What each thing costs, in steps. One more state than the automaton holds cannot be paid for in one evaluation. */
const steps = { state: 1_000, part: 20, look: 5 } as const

/** Room in the automaton for what one evaluation can add: what it has learnt is dropped when that grows too large. */
function renew(pattern: string, kept: Pattern): void {
  const { stateCount, stateLimit } = kept.regex.re2().dfa
  if (stateCount <= stateLimit - conditionLimits.searching / steps.state && kept.rare <= 100_000) return
  const regex = compiledRegex(pattern)
  if (typeof regex === 'string') throw new Error('a regular expression compiles no more')
  kept.regex = regex
  kept.rare = 0
}

interface Walk {
  readonly kept: Pattern
  enter(state: State): void
  spend(steps: number): void
  /** Where the walk is, UTF-16 units from the start of the text; kept for whoever is told that it ran out. */
  readonly searching: { at: number }
}

function sayOut(budget: number, { pattern, at }: { readonly pattern: string; readonly at: number }): string {
  const where = `${shortPattern(pattern)}, at character ${at + 1} of the text`
  return `searching took more than ${budget.toLocaleString('en')} steps, the last of them for ${where}: begin it with ^, or use a smaller count`
}

/** A pattern is the policy's own, so it may be told; what it searches may not. */
function shortPattern(pattern: string): string {
  return JSON.stringify(pattern.length <= 40 ? pattern : `${pattern.slice(0, 39)}…`)
}

/** Goes the way that RE2's own search goes, anchored nowhere, and pays for it. */
function walk(text: string, { kept, enter, spend, searching }: Walk): void {
  searching.at = 0
  const automaton = kept.regex.re2().dfa
  automaton.startState ??= automaton.getState([automaton.prog.start])
  let state = whole(automaton.startState)
  let before = edge
  enter(state)
  for (const character of text) {
    if (state.isMatch) return
    const rune = character.codePointAt(0) ?? 0
    const context = contextOf(before, rune)
    const { nfaStates: parts, hasEmptyWidth: looksAround } = state
    spend(rune > lastAscii ? steps.part * (1 + parts.length) : 1)
    if (rune > lastAscii) kept.rare += 1
    if (looksAround) {
      const { isMatch, resolvedPCs } = automaton.resolveEmptyWidth(parts, context)
      if (isMatch) return
      spend(steps.look * (parts.length + resolvedPCs.size))
    }
    const next = whole(automaton.step(state, rune, unanchored, context))
    if (next !== state) enter(next)
    state = next
    before = rune
    searching.at += character.length
  }
}

function whole(state: State | null): State {
  if (state === null) throw new Error('the automaton of a regular expression is full')
  return state
}

const unanchored = 0
const lastAscii = 0x7f
/** The place before the first character and after the last. */
const edge = -1
const newline = 0x0a

/** What holds between two characters, in RE2's flags. */
function contextOf(before: number, after: number): number {
  const begins = before === edge ? 0x01 | 0x04 : before === newline ? 0x01 : 0
  const ends = after === edge ? 0x02 | 0x08 : after === newline ? 0x02 : 0
  return begins | ends | (isWord(before) === isWord(after) ? 0x20 : 0x10)
}

/** `[0-9A-Za-z_]`, as RE2 means it. */
function isWord(rune: number): boolean {
  const letter = rune | 0x20
  return (
    (letter >= 0x61 && letter <= 0x7a && rune < lastAscii) || (rune >= 0x30 && rune <= 0x39) || rune === 0x5f
  )
}
