import {
  type Command,
  type CommandNode,
  type PipelineNode,
  parse,
  type Statement,
  type Word,
  type WordPart,
} from 'unbash'
import { type Piece, uncovered } from './cover.ts'
import { scan, shellLimits, type Trouble } from './scan.ts'

/** One word as the shell hands it to a program, or as a pattern that the shell puts names of files for. */
export interface ShellWord {
  readonly value: string
  readonly at: number
  /** A star or a question mark in it is live: it can become any number of words that begin with what stands before. */
  readonly pattern: boolean
}

/** A program with its words, as one shell of a command line runs it. */
export interface SimpleCommand {
  readonly program: ShellWord
  readonly words: readonly ShellWord[]
  /** Its output goes to /dev/null or to another output, or its input comes from /dev/null. */
  readonly redirected: boolean
  /** It stands in a pipe behind another one, whose output it reads. */
  readonly piped: boolean
}

export type Parsed = { readonly commands: readonly SimpleCommand[] } | { readonly trouble: Trouble }

/**
 * The simple commands of a command line, in order, as a shell in POSIX mode and bash agree on them; or what keeps it from
 * being understood. The guards stand in the order of what each lets the next assume: the scan, the parser's own errors,
 * kinds of nodes, kinds of words, redirects, and that every character of the text belongs to one of them.
 */
export function simpleCommands(text: string): Parsed {
  const found = scan(text)
  if (found !== null) return { trouble: found }
  const script = parse(text)
  const [error] = script.errors ?? []
  if (error) return { trouble: { why: 'It is not a command line that a shell takes.', at: error.pos } }
  if (script.shebang !== undefined) return { trouble: { why: 'It begins like a script.', at: 0 } }
  const walk: Walk = { text, commands: [], cover: [], words: 0, trouble: null }
  for (const statement of script.commands) readStatement(statement, walk)
  const trouble = walk.trouble ?? uncovered(text, walk.cover)
  if (trouble !== null) return { trouble }
  if (walk.commands.length === 0) return { trouble: { why: 'There is no command in it.' } }
  return { commands: walk.commands }
}

interface Walk {
  readonly text: string
  readonly commands: SimpleCommand[]
  readonly cover: Piece[]
  words: number
  /** The first that was found. */
  trouble: Trouble | null
}

function readStatement({ command, background, pos }: Statement, walk: Walk): void {
  if (background) walk.trouble ??= { why: 'A command runs in the background.', at: pos }
  for (const one of command.type === 'AndOr' ? command.commands : [command]) readPipeline(one, walk)
}

function readPipeline(node: PipelineNode, walk: Walk): void {
  if (node.type !== 'Pipeline') {
    readCommand(node, false, walk)
    return
  }
  if (node.prefixes.length > 0)
    walk.trouble ??= { why: 'A pipe begins with a word of the shell itself.', at: node.pos }
  if (node.operators.some((operator) => operator !== '|'))
    walk.trouble ??= { why: 'It has a pipe |&.', at: node.pos }
  for (const [nth, command] of node.commands.entries()) readCommand(command, nth > 0, walk)
}

function readCommand(node: CommandNode, piped: boolean, walk: Walk): void {
  if (walk.trouble !== null) return
  const trouble = commandTrouble(node, walk)
  if (trouble !== null || node.type !== 'Command' || !node.name) {
    walk.trouble = { why: trouble ?? 'A command has no program.', at: node.pos }
    return
  }
  const program = readWord(node.name, walk)
  if (program.pattern) walk.trouble ??= { why: 'The name of a program is a pattern.', at: program.at }
  const words = node.suffix.flatMap((one) => (one.type === 'Word' ? readWord(one, walk) : []))
  const others = [...node.prefix, ...node.suffix].filter((one) => one.type !== 'Word')
  for (const one of others) readRedirect(one, walk)
  walk.commands.push({ program, words, piped, redirected: others.length > 0 })
}

function commandTrouble(node: CommandNode, { commands }: Walk): string | null {
  if (node.type !== 'Command') return 'It has a loop, a condition, a function or a group.'
  return commands.length < shellLimits.commands ? null : `It has more than ${shellLimits.commands} commands.`
}

function readWord(word: Word, walk: Walk): ShellWord {
  walk.words += 1
  if (walk.words > shellLimits.words)
    walk.trouble ??= { why: `It has more than ${shellLimits.words} words.`, at: word.pos }
  walk.cover.push({ start: word.pos, end: word.end, is: 'word' })
  let [beginning, pattern] = ['', false]
  for (const part of word.parts ?? []) {
    const literal = literalOf(part)
    if (literal !== null) {
      beginning += literal
      continue
    }
    if (part.type !== 'Glob' || part.kind === 'bracket')
      walk.trouble ??= { why: 'A word has something that the shell expands.', at: part.pos }
    else if (!pattern && !/^[^-]/.test(beginning))
      walk.trouble ??= { why: 'A pattern begins a word: it could become an option.', at: part.pos }
    pattern = true
  }
  return { value: word.value, at: word.pos, pattern }
}

function literalOf(part: WordPart): string | null {
  if (part.type === 'Literal' || part.type === 'SingleQuoted') return part.value
  if (part.type !== 'DoubleQuoted') return null
  const inner = part.parts.map((one) => (one.type === 'Literal' ? one.value : null))
  return inner.includes(null) ? null : inner.join('')
}

function readRedirect(node: Exclude<Command['prefix' | 'suffix'][number], Word>, walk: Walk): void {
  if (node.type === 'Assignment') {
    walk.trouble ??= { why: 'It sets a variable.', at: node.pos }
    return
  }
  walk.cover.push({ start: node.pos, end: node.end, is: 'redirect' })
  if (!harmlessRedirect.test(walk.text.slice(node.pos, node.end)))
    walk.trouble ??= { why: 'Output or input goes to or comes from a file.', at: node.pos }
}

/** To nowhere, from nowhere, or both outputs into one. */
const harmlessRedirect = /^(?:[12]?>>?[ \t]*\/dev\/null|0?<[ \t]*\/dev\/null|[12]?>&[12])$/
