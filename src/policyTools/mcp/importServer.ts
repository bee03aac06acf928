import type { ServerShape, ToolShape } from '../../policy/format/serverSchema.ts'
import { draftOf } from './draft.ts'
import { type Lines, linesBetween } from './linesBetween.ts'
import type { ListedTool } from './toolList.ts'

/** What a list means for one tool of the file. */
export type ToolNews =
  | { readonly is: 'new' | 'drafted'; readonly tool: ToolShape }
  | { readonly is: 'changed'; readonly tool: ToolShape; readonly before: ToolShape; readonly lines: Lines }
  | { readonly is: 'gone'; readonly before: ToolShape }
  | { readonly is: 'kept'; readonly tool: ToolShape }

export interface Imported {
  readonly file: ServerShape
  /** By name. */
  readonly news: readonly ToolNews[]
  /** Whether the server lists something else than the file has. */
  readonly differs: boolean
}

/**
 * The file of a server after its list was read once more. What has the digest that it had is kept as it is written; what has another one is
 * drafted anew, and nobody has reviewed it. `redraft`: also what nobody has reviewed yet, as after an edit of `reaches` or `unsaid`.
 */
export function importServer(
  listed: readonly ListedTool[],
  {
    server,
    before,
    redraft = false,
  }: { readonly server: string; readonly before: ServerShape | null; readonly redraft?: boolean },
): Imported {
  const of = {
    reaches: before?.reaches ?? 'unknown',
    unsaid: before?.unsaid ?? { effect: 'ask', outside: 'ask' },
  } as const
  const known = new Map((before?.tools ?? []).map((tool) => [tool.name, tool]))
  const found = listed.map((one): ToolNews & { readonly tool: ToolShape } => {
    const old = known.get(one.name)
    if (old === undefined) return { is: 'new', tool: draftOf(one, of) }
    if (old.digest !== one.digest) {
      const tool = draftOf(one, of)
      return { is: 'changed', tool, before: old, lines: linesBetween(old, tool) }
    }
    return redraft && old.reviewed === false
      ? { is: 'drafted', tool: draftOf(one, of) }
      : { is: 'kept', tool: old }
  })
  const names = new Set(listed.map(({ name }) => name))
  const gone = [...known.values()].filter(({ name }) => !names.has(name))
  const news: readonly ToolNews[] = [...found, ...gone.map((one): ToolNews => ({ is: 'gone', before: one }))]
  return {
    file: {
      apiVersion: 'countersign/v1',
      kind: 'McpServer',
      server,
      ...of,
      tools: found.map(({ tool }) => tool),
    },
    news: [...news].sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1)),
    differs: news.some(({ is }) => is === 'new' || is === 'changed' || is === 'gone'),
  }
}

export function nameOf(news: ToolNews): string {
  return news.is === 'gone' ? news.before.name : news.tool.name
}
