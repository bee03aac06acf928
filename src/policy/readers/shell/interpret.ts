import { awsCommand } from './awsCommand.ts'
import type { CommandCatalogue, Entry, Flag, Program, Running, Slot, Tier } from './commandCatalogue.ts'
import { further } from './commandCatalogue.ts'
import { isFlag, readFlags, type Standing } from './flags.ts'
import { takeForm } from './operands.ts'
import type { Trouble } from './scan.ts'
import { type ShellWord, type SimpleCommand, simpleCommands } from './simpleCommands.ts'
import { type Named, quoted, take } from './words.ts'

/** What is known of a command line, as far as its commands were interpreted. */
export interface Known extends Named {
  tier: Tier
  /** Each program with its subcommand: `git branch`. */
  readonly commands: string[]
  readonly programs: string[]
  /** Those of its programs that ask others over the network. */
  readonly network: string[]
  /** Flags by the first of their names. */
  readonly flags: string[]
  /** Places of settings that its programs go by. */
  readonly settings: string[]
  /** Something runs with the rights of somebody else. */
  elevated: boolean
}

interface Interpreting {
  readonly catalogue: CommandCatalogue
  readonly running: Running
  readonly known: Known
  /** How often a command has been read out of another one. */
  readonly depth: number
  /** What it reads comes from another command. */
  readonly fed: boolean
}

/** `ssh host "timeout 5 ls"`: deeper than this nobody means well. */
const deepest = 4

/** What the commands do, by the catalogue; or the first word that it does not know. */
export function interpret(
  commands: readonly SimpleCommand[],
  how: Pick<Interpreting, 'catalogue' | 'running'>,
): { readonly known: Known } | { readonly trouble: Trouble } {
  const known: Known = {
    tier: 'names',
    commands: [],
    programs: [],
    network: [],
    flags: [],
    hosts: [],
    paths: [],
    contents: [],
    settings: [],
    elevated: false,
  }
  for (const { program, words, piped } of commands) {
    const trouble = interpretOne([program, ...words], { ...how, known, depth: 0, fed: piped })
    if (trouble !== null) return { trouble }
  }
  return { known }
}

/** One program and its words. */
function interpretOne([first, ...words]: readonly ShellWord[], look: Interpreting): Trouble | null {
  const { known, catalogue, depth } = look
  if (!first) return { why: 'A command is missing.' }
  if (depth > deepest) return { why: 'Commands stand in commands too deeply.', at: first.at }
  const name = programName(first, catalogue)
  const program = name === null || first.pattern ? undefined : catalogue.programs.get(name)
  if (name === null || program === undefined)
    return { why: `${quoted(first.value)} is not a known program.`, at: first.at }
  const place = program.settings.find((one) => !look.running.settings.includes(one))
  if (place !== undefined) return { why: `${quoted(name)} ${goesBy[place]}`, at: first.at }
  known.programs.push(name)
  known.settings.push(...program.settings)
  if (program.elevates) known.elevated = true
  return walk({ name, program, entry: program, label: name, words, at: first.at }, look)
}

const goesBy = {
  environment: 'goes by variables of the environment, and nobody has said that the agent cannot set them.',
  home: 'goes by settings in the home directory, and nobody has said that the agent cannot write them.',
  directory:
    'goes by settings in the directory where it runs, and nobody has said that the agent cannot write them.',
} as const

/** A path is its last name where that is a directory of programs. */
function programName({ value }: ShellWord, { directories }: CommandCatalogue): string | null {
  const slash = value.lastIndexOf('/')
  if (slash === -1) return value
  return directories.includes(value.slice(0, slash)) ? value.slice(slash + 1) : null
}

interface Walk {
  /** As the program was called. */
  readonly name: string
  readonly program: Program
  readonly entry: Entry
  readonly label: string
  readonly words: readonly ShellWord[]
  readonly at: number
}

/** Goes through the words as the program would: subcommands, flags and their values, operands, a command in the rest. */
function walk(start: Walk, look: Interpreting): Trouble | null {
  const { name, program, words, at } = start
  let { entry, label } = start
  const standing: Standing[] = []
  const operands: ShellWord[] = []
  let ended = false
  let nth = 0
  while (nth < words.length) {
    const word = words[nth]
    if (!word) break
    const isFirst = standing.length === 0 && operands.length === 0 && !ended
    if (isFirst && !look.fed && asksAboutItself(words.slice(nth)))
      return aboutItself({ name, program, entry, label, at }, word, look)
    if (entry.anything) break
    if (isInner({ entry, operands, word, ended })) break
    if (!ended && word.value === '--') {
      ended = true
      nth += 1
    } else if (!ended && isFlag(word)) {
      const read = readFlags(words.slice(nth, nth + 2), { entry, label, style: program.style })
      if ('trouble' in read) return read.trouble
      standing.push(...read.found)
      nth += read.words
    } else {
      nth += 1
      const inner: Entry | undefined =
        operands.length > 0 || ended ? undefined : entry.subcommands.get(word.value)
      if (inner) {
        entry = inner
        label = `${label} ${word.value}`
      } else if (program.operations !== null && entry === program) {
        const called = awsCommand(words.slice(nth - 1), { entry, label, style: program.style })
        if ('trouble' in called) return called.trouble
        const all = [...standing, ...called.standing]
        return conclude({ name, ...called, at, standing: all, operands: [], rest: [] }, look)
      } else if (needsSubcommand(entry))
        return { why: `${quoted(word.value)} is not a known subcommand of ${quoted(label)}.`, at: word.at }
      else operands.push(word)
    }
  }
  const rest = entry.anything ? [] : words.slice(nth)
  return conclude({ name, entry, label, at, standing, operands, rest }, look)
}

/**
 * Whether the only word behind a program or a subcommand is the question what it is: it says so, and does nothing. Behind
 * any other word programs may do their work before or instead (`sed -n -e 'w FILE' --help`), and some that do not know
 * the question go on to read what they are fed (`echo … | nslookup --help`).
 */
function asksAboutItself(rest: readonly ShellWord[]): boolean {
  const [word, more] = rest
  return !more && (word?.value === '--help' || word?.value === '--version')
}

/** What has no tier of its own, as kubectl, is known by its subcommands alone. */
function aboutItself(
  { name, program, entry, label, at }: Pick<Walk, 'name' | 'program' | 'entry' | 'label' | 'at'>,
  word: ShellWord,
  { known }: Interpreting,
): Trouble | null {
  if (program.explains && word.value === '--help') {
    goesTo('names', { name, label, known })
    return null
  }
  if (needsSubcommand(entry)) return { why: `${quoted(label)} needs one of its subcommands.`, at }
  goesTo(entry.tier, { name, label, known })
  return null
}

function goesTo(tier: Tier, { name, label, known }: Pick<Walked, 'name' | 'label'> & { known: Known }): void {
  known.commands.push(label)
  known.tier = further(known.tier, tier)
  if (tier === 'network') known.network.push(name)
}

function needsSubcommand({ subcommands, bare }: Entry): boolean {
  return subcommands.size > 0 && !bare
}

/** Whether the words from here on are a command of their own. */
function isInner(at: {
  readonly entry: Entry
  readonly operands: readonly ShellWord[]
  readonly word: ShellWord
  readonly ended: boolean
}): boolean {
  const [form = []] = at.entry.operands
  const place = form.findIndex(({ kind: { role } }) => role === 'command' || role === 'remote')
  if (place === -1 || at.operands.length !== place) return false
  return place > 0 || at.ended || !isFlag(at.word)
}

interface Walked {
  readonly name: string
  readonly entry: Entry
  readonly label: string
  readonly at: number
  readonly standing: readonly Standing[]
  readonly operands: readonly ShellWord[]
  /** The words of a command inside. */
  readonly rest: readonly ShellWord[]
}

function conclude(walked: Walked, look: Interpreting): Trouble | null {
  const { entry, label, at, standing } = walked
  const { known, catalogue } = look
  if (needsSubcommand(entry)) return { why: `${quoted(label)} needs one of its subcommands.`, at }
  const tier = standing.reduce((furthest, { flag }) => further(furthest, flag.raises), entry.tier)
  goesTo(tier, { ...walked, known })
  for (const { flag, value } of standing) {
    known.flags.push(flag.name)
    if (value?.pattern) return { why: `${quoted(value.value)} can become several words.`, at: value.at }
    const trouble = value && flag.kind ? take(value, flag.kind, { rules: catalogue, named: known }) : null
    if (trouble !== null) return trouble
  }
  const missing = entry.needs.find((name) => !standing.some(({ flag }) => flag.name === name))
  if (missing !== undefined) return { why: `${quoted(label)} is only known with ${quoted(missing)}.`, at }
  return entry.anything ? null : takeOperands(walked, look)
}

function takeOperands(
  { entry, label, at, standing, operands, rest }: Walked,
  look: Interpreting,
): Trouble | null {
  const filled = standing.some(({ flag }: { flag: Flag }) => flag.fills)
  let trouble: Trouble | null = null
  for (const form of entry.operands) {
    const slots = filled ? form.slice(1) : form
    const named: Named = { hosts: [], paths: [], contents: [] }
    const found = takeForm(slots, { operands, rest, label, at, rules: look.catalogue, named })
    if (found === null) {
      for (const key of ['hosts', 'paths', 'contents'] as const) look.known[key].push(...named[key])
      return innerOf(slots, rest, look)
    }
    trouble ??= found
  }
  return trouble
}

/** A command that stands in the rest of the words. */
function innerOf(slots: readonly Slot[], rest: readonly ShellWord[], look: Interpreting): Trouble | null {
  const role = slots.at(-1)?.kind.role
  if (rest.length === 0) return null
  return role === 'remote' ? elsewhere(rest, look) : deeper(rest, look)
}

function deeper(words: readonly ShellWord[], look: Interpreting): Trouble | null {
  return interpretOne(words, { ...look, depth: look.depth + 1 })
}

/** ssh joins its words by blanks, and the shell on the other side reads them again: settings there are not known. */
function elsewhere(words: readonly ShellWord[], look: Interpreting): Trouble | null {
  const [first] = words
  const parsed = simpleCommands(words.map(({ value }) => value).join(' '))
  const at = first?.at ?? 0
  if ('trouble' in parsed) return { why: `On the other side: ${parsed.trouble.why}`, at }
  if (words.some(({ pattern }) => pattern)) return { why: 'A pattern stands in a command elsewhere.', at }
  const running: Running = { ...look.running, shell: 'sh', settings: [] }
  for (const command of parsed.commands) {
    const inner = { ...look, running, depth: look.depth + 1, fed: look.fed || command.piped }
    const trouble = interpretOne([command.program, ...command.words], inner)
    if (trouble !== null) return { why: trouble.why, at }
  }
  return null
}
