/** Is this what Slack would accept? Blocks of a message, and whole views. */
import { blocksFor } from './blockTable.ts'
import { identifier, plain } from './composition.ts'
import type { Surface } from './elements.ts'
import {
  boolean,
  byType,
  type Check,
  codePoints,
  type Fields,
  isFields,
  list,
  literal,
  object,
  optional,
  type Problem,
  type Rule,
  required,
  string,
} from './shape.ts'

/** Whether the workspace already has the blocks of 2025 and 2026. */
export interface BlockOptions {
  readonly recentBlocks: boolean
}

/** What is wrong with a message's blocks, in Slack's words; empty when nothing is. */
export function checkMessageBlocks(blocks: unknown, options: BlockOptions): string[] {
  return report((found) => blockList('M', 50, options)(blocks, '/blocks', found))
}

/** What is wrong with a modal or a Home view. Its size in bytes is not judged here. */
export function checkView(view: unknown, options: BlockOptions): string[] {
  const modal = object(
    {
      ...viewFields('modal', 'O', options),
      title: required(plain(24)),
      submit: optional(plain(24)),
      close: optional(plain(24)),
      clear_on_close: optional(boolean),
      notify_on_close: optional(boolean),
      submit_disabled: optional(boolean),
    },
    [submitForInput, oneFocus],
  )
  const home = object(viewFields('home', 'H', options), [oneFocus])
  return report((found) => byType({ modal, home })(view, '/view', found))
}

function viewFields(type: string, surface: Surface, options: BlockOptions): Parameters<typeof object>[0] {
  return {
    type: required(literal(type)),
    blocks: required(blockList(surface, 100, options)),
    private_metadata: optional(string({ max: 3000 })),
    callback_id: optional(identifier),
    external_id: optional(identifier),
  }
}

function blockList(surface: Surface, max: number, options: BlockOptions): Check {
  const items = list(byType(blocksFor(surface, options)), { min: surface === 'M' ? 0 : 1, max })
  return (value, pointer, found) => {
    items(value, pointer, found)
    const blocks = Array.isArray(value) ? value.filter(isFields) : []
    for (const message of [repeatedId(blocks), markdownTotal(blocks)]) {
      if (message !== undefined) found.push({ pointer, message })
    }
  }
}

function repeatedId(blocks: readonly Fields[]): string | undefined {
  const ids = blocks.flatMap((block) => (typeof block.block_id === 'string' ? [block.block_id] : []))
  const twice = ids.find((id, i) => ids.indexOf(id) !== i)
  return twice === undefined ? undefined : `block_id "${twice}" already exists`
}

function markdownTotal(blocks: readonly Fields[]): string | undefined {
  const texts = blocks.flatMap((b) => (b.type === 'markdown' && typeof b.text === 'string' ? [b.text] : []))
  const total = texts.reduce((sum, text) => sum + codePoints(text), 0)
  return total > 12_000 ? 'markdown blocks must have less than 12001 characters together' : undefined
}

const submitForInput: Rule = (view) => {
  const hasInput = Array.isArray(view.blocks) && view.blocks.some((b) => isFields(b) && b.type === 'input')
  return hasInput && view.submit === undefined ? 'missing required field: submit' : undefined
}

const oneFocus: Rule = (view) => {
  const focused = JSON.stringify(view.blocks ?? []).split('"focus_on_load":true').length - 1
  return focused > 1 ? 'focus_on_load can be set on only one element of a view' : undefined
}

function report(run: (found: Problem[]) => void): string[] {
  const found: Problem[] = []
  run(found)
  return found.map(({ pointer, message }) => `[ERROR] ${message} [json-pointer:${pointer}]`)
}
