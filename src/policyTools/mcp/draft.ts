import { escapeHidden } from '../../core/visible.ts'
import {
  longestDescription,
  type ServerShape,
  type ToolShape,
  type WrittenArgument,
} from '../../policy/format/serverSchema.ts'
import type { ToolEffect } from '../../policy/mcp/reviewedTool.ts'
import { argumentsOf } from './argumentTypes.ts'
import { beginning } from './beginning.ts'
import type { ListedTool } from './toolList.ts'
import { isAboutRights, secretIn, type Verb, verbIn, verbOf, wordsOf } from './words.ts'

/** As MCP writes them; what a server names otherwise tells a reviewer nothing, and may be longer than a file can have. */
const hintName = /^[A-Za-z][A-Za-z0-9_]{0,63}Hint$/

/** What the file says of the server as a whole. */
export type OfServer = Pick<ServerShape, 'reaches' | 'unsaid'>

/**
 * A line for a tool that nobody has reviewed, by the rules of docs/policy.md#mcp: from the server's annotations, its name, its description and
 * its arguments. Where they disagree, or say nothing, the stricter is drafted, and `unsure` says what to look at.
 */
export function draftOf(tool: ListedTool, of: OfServer): ToolShape {
  const { name, title, description, digest, inputSchema } = tool
  const { found, left } = argumentsOf(inputSchema)
  const effect = effectOf(tool, of)
  const reach = reachOf(tool, { of, args: found, effect: effect.is })
  const unsure = [...effect.unsure, ...reach.unsure, ...oddities(tool, left)]
  const hints = Object.entries(tool.annotations).flatMap(([hint, value]) =>
    typeof value === 'boolean' && hintName.test(hint) ? [[hint, value] as const] : [],
  )
  return {
    name,
    ...(title !== null && { title }),
    ...(description !== null && { description: beginning(description, longestDescription) }),
    ...(hints.length > 0 && { hints: Object.fromEntries(hints.sort()) }),
    digest,
    effect: effect.is,
    outside: reach.is,
    ...(found.size > 0 && { arguments: found }),
    ...(unsure.length > 0 && { unsure }),
    reviewed: false,
  }
}

interface Drafted<T> {
  readonly is: T
  readonly unsure: readonly string[]
}

function effectOf(tool: ListedTool, { unsaid }: OfServer): Drafted<ToolEffect> {
  const { name, description, annotations } = tool
  const words = wordsOf(name)
  const byName = verbIn(words)
  const byText = description === null ? null : verbOf(description)
  const change = [byName, byText].find((found) => found && found.verb !== 'read') ?? null
  const hint = annotations.readOnlyHint
  if (hint === false)
    return sure(changeOf(annotations.destructiveHint === true ? 'destroy' : change?.verb, words))
  if (hint === true) {
    if (change === null) return readingOf(tool)
    const says = `The server says that it only reads, and ${change === byName ? 'its name' : 'its description'} says "${change.word}".`
    return { is: changeOf(change.verb, words), unsure: [says] }
  }
  if (change !== null) return sure(changeOf(change.verb, words))
  if (unsaid.effect === 'read') return readingOf(tool)
  if (unsaid.effect !== 'ask') return sure(unsaid.effect)
  const says =
    byName === null
      ? 'Neither the server nor its name says whether it changes anything.'
      : `The server does not say whether it changes anything. Its name says "${byName.word}".`
  return byName === null ? { is: 'write', unsure: [says] } : { ...readingOf(tool), unsure: [says] }
}

function changeOf(verb: Verb | undefined, words: readonly string[]): ToolEffect {
  if (isAboutRights(words)) return 'admin'
  return verb === 'destroy' ? 'destroy' : 'write'
}

/** A name or a description that speaks of secrets: to read one is to have it. */
function readingOf({ name, description }: ListedTool): Drafted<ToolEffect> {
  if (secretIn(name) !== null) return sure('secrets')
  const told = secretIn(description ?? '')
  if (told === null) return sure('read')
  return { is: 'secrets', unsure: [`Its description speaks of "${told}": does it answer any?`] }
}

function sure<T>(is: T): Drafted<T> {
  return { is, unsure: [] }
}

interface Reaching {
  readonly of: OfServer
  readonly args: ReadonlyMap<string, WrittenArgument>
  readonly effect: ToolEffect
}

const elsewhere =
  /^(url|uri|href|link|webhook|endpoint|callback|host|hostname|domain|destination|proxy|phone|email|recipient|cc|bcc|attendee|participant|invitee)s?$/

/**
 * By its last word, whatever holds it: what no reader reads, such as a list of objects or a bare host, still says where something goes. Looking a
 * name up already tells it to whoever owns it.
 */
function leadsElsewhere(name: string, type: WrittenArgument['type']): boolean {
  return !['bool', 'int', 'number'].includes(String(type)) && elsewhere.test(wordsOf(name).at(-1) ?? '')
}

/** Whether what it is given can leave the operator's systems. An argument that says where to send it is stronger than any hint. */
function reachOf({ annotations }: ListedTool, { of, args, effect }: Reaching): Drafted<boolean> {
  const hint = annotations.openWorldHint
  const sends = [...args].find(
    ([name, { is, type }]) => is === 'recipient' || is === 'url' || leadsElsewhere(name, type),
  )?.[0]
  const stays = of.reaches === 'ours' || hint === false
  if (sends !== undefined) {
    const who = of.reaches === 'ours' ? 'This file' : 'The server'
    return stays
      ? {
          is: true,
          unsure: [`${who} says that it stays inside, and "${sends}" can say where to send something.`],
        }
      : sure(true)
  }
  if (stays) return sure(false)
  if (hint === true) return sure(true)
  if (of.unsaid.outside !== 'ask') return sure(of.unsaid.outside)
  // What changes something asks all the same.
  const asks = effect === 'read' ? ['The server does not say whether it reaches outside.'] : []
  return { is: true, unsure: asks }
}

function oddities(tool: ListedTool, left: readonly string[]): readonly string[] {
  const { name, description } = tool
  return [
    ...(hides(name) ? ['Its name has characters that cannot be seen.'] : []),
    ...(hides(textOf(tool)) ? ['It has words with characters that cannot be seen, which models read.'] : []),
    ...((description ?? '').length > longestDescription
      ? [`Its description is longer than ${longestDescription} characters: here is its beginning.`]
      : []),
    ...(left.length === 0
      ? []
      : [`${left.length} of its arguments have names that cannot be written here: a call with one asks.`]),
  ]
}

/** Blanks, and what makes a sign a picture, hide nothing. */
function hides(text: string): boolean {
  const plain = text.replaceAll(/[\t\r]/g, ' ').replaceAll(/\p{Extended_Pictographic}\uFE0F/gu, '')
  return escapeHidden(plain) !== plain
}

/** Everything that it says, schema included. */
function textOf({ title, description, inputSchema }: ListedTool): string {
  return [title, description, JSON.stringify(inputSchema)].join('\n')
}
