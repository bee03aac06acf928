import type { Entry, Flag, Program } from './commandCatalogue.ts'
import type { Trouble } from './scan.ts'
import type { ShellWord } from './simpleCommands.ts'
import { quoted, type Text } from './words.ts'

/** A flag that stands there, with its value; null where it has none. */
export interface Standing {
  readonly flag: Flag
  readonly value: Text | null
}

export interface FlagsRead {
  readonly found: readonly Standing[]
  /** How many words they are: the word itself, and the next one where that is a value. */
  readonly words: number
}

export interface FlagsOf {
  readonly entry: Entry
  /** As people call it: `git branch`. */
  readonly label: string
  readonly style: Program['style']
}

/** Whether a word is one that begins flags. A lone dash is an operand: standard input. */
export function isFlag({ value }: ShellWord): boolean {
  return value.startsWith('-') && value !== '-'
}

/** The flags of one word that begins with a dash, as the program would take them; or which of them is not known. */
export function readFlags(
  words: readonly ShellWord[],
  reading: FlagsOf,
): FlagsRead | { readonly trouble: Trouble } {
  const [word, next] = words
  if (!word || word.pattern)
    return { trouble: { why: 'A pattern of names stands in an option.', at: word?.at ?? 0 } }
  const { entry, style } = reading
  const whole = style === 'whole' || word.value.startsWith('--')
  if (whole) return wholeFlag(word, next, reading)
  const number = /^-[0-9]+$/.test(word.value) ? entry.flags.get('-NUM') : undefined
  if (number) return { found: [{ flag: number, value: null }], words: 1 }
  return style === 'plain' ? plain(word, next, reading) : cluster(word, next, reading)
}

function wholeFlag(
  word: ShellWord,
  next: ShellWord | undefined,
  reading: FlagsOf,
): FlagsRead | { readonly trouble: Trouble } {
  const equals = word.value.indexOf('=')
  const name = equals === -1 ? word.value : word.value.slice(0, equals)
  const flag = reading.entry.flags.get(name)
  if (flag === undefined) return unknown(name, word.at, reading)
  const attached = equals === -1 ? null : { ...word, value: word.value.slice(equals + 1) }
  if (flag.takes === 'nothing')
    return attached ? takesNone(name, word.at, reading) : { found: [{ flag, value: null }], words: 1 }
  if (attached !== null || flag.takes === 'attached') return { found: [{ flag, value: attached }], words: 1 }
  return next ? { found: [{ flag, value: next }], words: 2 } : lacks(name, word.at, reading)
}

/**
 * `-ab`: flags of one letter that take nothing, or a single flag. Programs that do not use getopt differ in what a joined
 * value is: `tree -Po x FILE` writes into FILE.
 */
function plain(
  word: ShellWord,
  next: ShellWord | undefined,
  reading: FlagsOf,
): FlagsRead | { readonly trouble: Trouble } {
  const flags = [...word.value.slice(1)].map((letter) => reading.entry.flags.get(`-${letter}`))
  const [first] = flags
  const taking = flags.find((flag) => flag === undefined || flag.takes !== 'nothing')
  const isAlone = word.value.length === 2 || first?.takes === 'attached'
  if (!taking || isAlone) return cluster(word, next, reading)
  return {
    trouble: { why: `${quoted(taking.name)} of ${quoted(reading.label)} has to stand alone.`, at: word.at },
  }
}

/** `-abc`: flags of one letter, of which the last may take the rest of the word, or the next one. */
function cluster(
  word: ShellWord,
  next: ShellWord | undefined,
  reading: FlagsOf,
): FlagsRead | { readonly trouble: Trouble } {
  const found: Standing[] = []
  for (let nth = 1; nth < word.value.length; nth += 1) {
    const name = `-${word.value[nth]}`
    const flag = reading.entry.flags.get(name)
    if (flag === undefined) return unknown(found.length === 0 ? word.value : name, word.at, reading)
    if (flag.takes === 'nothing') {
      found.push({ flag, value: null })
      continue
    }
    const rest = word.value.slice(nth + 1)
    if (rest !== '' || flag.takes === 'attached')
      return { found: [...found, { flag, value: rest === '' ? null : { ...word, value: rest } }], words: 1 }
    return next ? { found: [...found, { flag, value: next }], words: 2 } : lacks(name, word.at, reading)
  }
  return { found, words: 1 }
}

function unknown(name: string, at: number, { label }: FlagsOf) {
  return { trouble: { why: `${quoted(name)} is not a known flag of ${quoted(label)}.`, at } }
}

function takesNone(name: string, at: number, { label }: FlagsOf) {
  return { trouble: { why: `${quoted(name)} of ${quoted(label)} takes no value.`, at } }
}

function lacks(name: string, at: number, { label }: FlagsOf) {
  return { trouble: { why: `${quoted(name)} of ${quoted(label)} has no value.`, at } }
}
