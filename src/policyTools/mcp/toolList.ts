import type { Digest } from '../../core/digest.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { mostTools } from '../../policy/format/serverSchema.ts'
import { toolDigest } from '../../policy/mcp/toolDigest.ts'
import { beginning } from './beginning.ts'

/** A tool as the server lists it. */
export interface ListedTool {
  readonly name: string
  readonly title: string | null
  readonly description: string | null
  /** Empty where it states none: then it takes no arguments. */
  readonly inputSchema: JsonObject
  readonly annotations: JsonObject
  readonly digest: Digest
}

/**
 * The tools of a server from the pages of its `tools/list` (MCP 2026-07-28, server/tools): each the result, or the whole JSON-RPC answer
 * with it, or a bare list of tools. Sorted by name. A list that goes on elsewhere is refused: what is missing would count as gone.
 */
export function readToolList(
  pages: readonly Json[],
): { readonly tools: readonly ListedTool[] } | { readonly wrong: string } {
  const tools: ListedTool[] = []
  for (const [index, page] of pages.entries()) {
    const result = resultOf(page)
    const listed = Array.isArray(result) ? result : objectOf(result)?.tools
    if (!Array.isArray(listed))
      return { wrong: `Page ${index + 1} is not the result of tools/list: it has no \`tools\`.` }
    const more = typeof objectOf(result)?.nextCursor === 'string'
    if (more !== index < pages.length - 1)
      return {
        wrong: more
          ? 'The list goes on after the last page (`nextCursor`): get the other pages too, and name them in their order.'
          : `Page ${index + 1} says that it is the last one, and others follow: name the pages of one list, in their order.`,
      }
    for (const tool of listed as readonly Json[]) {
      const read = toolOf(tool)
      if (typeof read === 'string') return { wrong: read }
      if (tools.some(({ name }) => name === read.name))
        return {
          wrong: `The tool ${JSON.stringify(read.name)} is listed twice: nobody can say which one a call means.`,
        }
      tools.push(read)
    }
  }
  if (tools.length > mostTools)
    return { wrong: `${tools.length} tools; at most ${mostTools} can be reviewed.` }
  return { tools: tools.sort((left, right) => (left.name < right.name ? -1 : 1)) }
}

/** The JSON of one file: one page, or a page on each line. @throws SyntaxError */
export function pagesIn(text: string): readonly Json[] {
  try {
    return [JSON.parse(text) as Json]
  } catch (fault) {
    const lines = text.split('\n').filter((line) => line.trim() !== '')
    if (lines.length < 2) throw fault
    return lines.map((line) => JSON.parse(line) as Json)
  }
}

function resultOf(page: Json): Json {
  const answer = objectOf(page)
  return answer !== null && 'jsonrpc' in answer && answer.result !== undefined ? answer.result : page
}

function toolOf(listed: Json): ListedTool | string {
  const definition = objectOf(listed)
  const name = definition?.name
  if (definition === null || typeof name !== 'string' || name.trim() === '' || name.length > 128)
    return 'A tool has no name of 1 to 128 characters.'
  const { title, description, inputSchema, annotations } = definition
  try {
    return {
      name,
      title: typeof title === 'string' && title.trim() !== '' ? beginning(title, 512) : null,
      description: typeof description === 'string' ? description : null,
      inputSchema: objectOf(inputSchema) ?? {},
      annotations: objectOf(annotations) ?? {},
      digest: toolDigest(definition),
    }
  } catch {
    return `The tool ${JSON.stringify(name)} holds text that is not Unicode, so it has no digest.`
  }
}

/** Null for what is no object. */
export function objectOf(value: Json | undefined): JsonObject | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null // neither a list nor null
}
