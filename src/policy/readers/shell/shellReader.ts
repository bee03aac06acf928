import type { Json } from '../../../core/json.ts'
import { bool, listOf, oneOf, string } from '../../conditions/valueType.ts'
import type { Reader, Reading, ReadingContext } from '../reader.ts'
import { type Running, settingPlaces, tiers } from './commandCatalogue.ts'
import { interpret } from './interpret.ts'
import { scannedWord, shellLimits, type Trouble } from './scan.ts'
import { type Parsed, type SimpleCommand, simpleCommands } from './simpleCommands.ts'

const known = {
  facts: {
    tier: oneOf({ what: 'a tier of commands.yaml', values: tiers, code: 'cel/unknown-value' }),
    programs: listOf(string),
    commands: listOf(string),
    flags: listOf(string),
    network: listOf(string),
    hosts: listOf(string),
    paths: listOf(string),
    contents: listOf(string),
    settings: listOf(
      oneOf({ what: 'a place of settings', values: settingPlaces, code: 'cel/unknown-value' }),
    ),
    elevated: bool,
  },
  most: { text: shellLimits.characters, items: shellLimits.words },
} as const satisfies Partial<Reader>

/** Reads a command line of bash or of a POSIX shell by the catalogue of commands (docs/policy.md#commandsyaml). */
export const shellReader: Reader = {
  ...known,
  accepts: 'string',
  what: 'a command line',
  read(value, context) {
    if (typeof value !== 'string') return { understood: false, why: 'It is not a text.' }
    return readCommands(
      simpleCommands(value),
      runningOf(context, ({ shell }) => shell !== 'none'),
      context,
    )
  },
}

/** Reads one command as the list of its words, which no shell takes apart: the program, and what it is handed. */
export const argvReader: Reader = {
  ...known,
  accepts: { list: 'string' },
  what: 'a command as a list of words',
  read(value, context) {
    const parsed = commandOf(value)
    const reading = readCommands(
      parsed,
      runningOf(context, ({ shell }) => shell === 'none'),
      context,
    )
    // The place is one in the words joined, which stands nowhere.
    return reading.understood ? reading : { understood: false, why: reading.why }
  },
}

function commandOf(value: Json): Parsed {
  const words = Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []
  if (!Array.isArray(value) || words.length < value.length)
    return { trouble: { why: 'It is not a list of texts.' } }
  if (words.length > shellLimits.words)
    return { trouble: { why: `It has more than ${shellLimits.words} words.` } }
  const trouble = words.reduce<Trouble | null>((found, word) => found ?? scannedWord(word), null)
  if (trouble !== null) return { trouble }
  if (words.join(' ').length > shellLimits.characters)
    return { trouble: { why: `It has more than ${shellLimits.characters.toLocaleString('en')} characters.` } }
  const [program, ...rest] = words.map((word) => ({ value: word, at: 0, pattern: false }))
  if (!program) return { trouble: { why: 'There is no command in it.' } }
  return { commands: [{ program, words: rest, piped: false, redirected: false } satisfies SimpleCommand] }
}

function readCommands(parsed: Parsed, running: Running | null, { commands }: ReadingContext): Reading {
  if ('trouble' in parsed) return { understood: false, ...parsed.trouble }
  if (running === null)
    return { understood: false, why: 'Nobody has said how the commands of this agent run.' }
  const read = interpret(parsed.commands, { catalogue: commands, running })
  if ('trouble' in read) return { understood: false, ...read.trouble }
  const { tier, elevated, ...lists } = read.known
  const facts = unrepeated(lists)
  if (Object.values(facts).some((list) => list.length > shellLimits.words))
    return { understood: false, why: `It names more than ${shellLimits.words} things of one kind.` }
  return { understood: true, facts: { tier, elevated, ...facts } }
}

/** The first entry of that kind that names the agent. */
function runningOf(
  { agent, commands }: ReadingContext,
  isOfKind: (running: Running) => boolean,
): Running | null {
  const fits = ({ agents }: Running) =>
    agents === 'all' || (agent !== null && agents.some((one) => one.fits(agent)))
  return commands.runs.find((running) => fits(running) && isOfKind(running)) ?? null
}

function unrepeated(lists: Readonly<Record<string, readonly string[]>>): Record<string, string[]> {
  return Object.fromEntries(Object.entries(lists).map(([name, list]) => [name, [...new Set(list)]]))
}
