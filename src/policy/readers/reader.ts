import type { Json, JsonObject } from '../../core/json.ts'
import type { ParamType } from '../catalogue.ts'
import type { ValueType } from '../conditions/valueType.ts'
import type { CommandCatalogue } from './shell/commandCatalogue.ts'

/**
 * What one reader made of a value. Either it understood all of it, and says every fact that it declares as always there;
 * or it understood nothing, and says why in one sentence for people, with the place (UTF-16 units from the start) where
 * there is one. Nothing is half understood: a fact about the part that was read would be a lie about the whole.
 */
export type Reading =
  | { readonly understood: false; readonly why: string; readonly at?: number }
  | { readonly understood: true; readonly facts: JsonObject }

/** What the operator says that a reader goes by; nothing of it comes from a request. */
export interface ReadingContext {
  /** The name of the request's agent, which the operator gave it; null where it was not recorded. */
  readonly agent: string | null
  /** What programs do, and how agents' commands run. */
  readonly commands: CommandCatalogue
}

/** What the catalogue says beside `reads`, and what it leads to. */
interface Beside {
  readonly roots: readonly string[]
  /** The value of the parameter that is named; null where none is. */
  readonly service: Json
  /** Likewise, of the parameter that has the arguments. */
  readonly given?: Json
  /** What is done with it: fixed by the catalogue, or the value of the parameter that is named; null where none is. */
  readonly verb?: Json
  /** The value of the parameter that says that nothing is kept; null where none is named or given. */
  readonly dryRun?: Json
  /** What was read before the request was judged, by a reader that stands outside; null where nothing was. */
  readonly earlier: Reading | null
}

/**
 * Reads values of one kind, purely: the same value in the same context gives the same reading for ever. It never throws,
 * and its work is bounded by the length of the value, in steps and never by a clock (docs/policy.md#what-is-read).
 */
export interface Reader {
  /** The type that a parameter has to have. */
  readonly accepts: ParamType
  /** What it is, for messages: `a command line`. */
  readonly what: string
  /** Facts that are there when the value was understood; `name?` may be absent even then. `understood` is there always. */
  readonly facts: Readonly<Record<string, ValueType>>
  /** The largest that facts can be: UTF-16 units of one text, items of one list. */
  readonly most: { readonly text: number; readonly items: number }
  /** UTF-16 units of the value, where it may be longer than other texts. */
  readonly longest?: number
  /**
   * Nobody here runs what it reads, so an agent can send a text that has nothing to do with what it will do: its facts may make
   * more people be asked, and no rule that allows may go by them (`policy/allowedByText.ts`).
   */
  readonly onlyTightens?: true
  /** What people are told of the facts, kept with the verdict: bounded, and drawn by `card/readings.ts`. */
  readonly shows?: (facts: JsonObject) => JsonObject
  read(value: Json, context: ReadingContext, beside: Beside): Reading
}

/** What conditions see of a reading, under `read.<name>`. */
export function seenIn(reading: Reading): JsonObject {
  return { ...(reading.understood && reading.facts), understood: reading.understood }
}
