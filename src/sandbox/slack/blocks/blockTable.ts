/** Every block this workspace has: on which surfaces, and what it may hold (facts: Block Kit, blocks). */
import { anyText, identifier, image, imageFields, mrkdwn, plain } from './composition.ts'
import { elementsFor, type Place, type Surface } from './elements.ts'
import { richTextBlock } from './richText.ts'
import {
  atLeastOne,
  boolean,
  byType,
  type Check,
  exactlyOne,
  type Fields,
  integer,
  isFields,
  list,
  literal,
  object,
  optional,
  type Rule,
  required,
  string,
} from './shape.ts'

interface BlockKind {
  readonly surfaces: readonly Surface[]
  /** Blocks of 2025 and 2026 are rolled out in phases: a workspace may not have them yet. */
  readonly recent: boolean
  readonly check: (surface: Surface) => Check
}

const everywhere: readonly Surface[] = ['M', 'O', 'H']
const text = anyText(3000)

const kinds: Readonly<Record<string, BlockKind>> = {
  section: classic('section', (surface) => ({
    shape: {
      text: optional(text),
      fields: optional(list(anyText(2000), { max: 10 })),
      accessory: optional(holds('section', surface)),
      expand: optional(boolean),
    },
    // Slack's page reads "one of the two", its servers take both together.
    rules: [atLeastOne('text', 'fields')],
  })),
  header: classic('header', () => ({
    shape: { text: required(plain(150)), level: optional(integer(1, 4)) },
  })),
  actions: classic('actions', (surface) => ({
    shape: { elements: required(list(holds('actions', surface), { max: 25 })) },
    rules: [distinctActionIds],
  })),
  context: classic('context', () => ({
    shape: {
      elements: required(list(byType({ image, plain_text: plain(3000), mrkdwn: mrkdwn(3000) }), { max: 10 })),
    },
  })),
  divider: classic('divider', () => ({ shape: {} })),
  image: classic('image', () => ({
    shape: { ...imageFields, title: optional(plain(2000)) },
    rules: [exactlyOne('image_url', 'slack_file')],
  })),
  input: classic('input', (surface) => ({
    shape: {
      label: required(plain(2000)),
      element: required(holds('input', surface)),
      hint: optional(plain(2000)),
      optional: optional(boolean),
      dispatch_action: optional(boolean),
    },
  })),
  rich_text: { surfaces: everywhere, recent: false, check: () => richTextBlock },
  markdown: recent('markdown', ['M'], { text: required(string({ min: 1, max: 12_000 })) }),
  table: recent(
    'table',
    ['M', 'H'],
    {
      rows: required(list(list(tableCell(), { max: 20 }), { max: 100 })),
      column_settings: optional(list(columnSetting, { max: 20 })),
    },
    [equalColumns],
  ),
  alert: recent('alert', ['O'], {
    text: required(anyText(200)),
    level: optional(literal('default', 'info', 'warning', 'error', 'success')),
  }),
  context_actions: {
    surfaces: ['M'],
    recent: true,
    check: (surface) =>
      block('context_actions', { elements: required(list(holds('context_actions', surface), { max: 5 })) }),
  },
}

/** The checks for the blocks that `surface` allows, by block type. */
export function blocksFor(surface: Surface, options: { recentBlocks: boolean }): Record<string, Check> {
  const fit = Object.entries(kinds).filter(
    ([, kind]) => kind.surfaces.includes(surface) && (options.recentBlocks || !kind.recent),
  )
  return Object.fromEntries(fit.map(([type, kind]) => [type, kind.check(surface)]))
}

type Shape = Parameters<typeof object>[0]

function classic(
  type: string,
  parts: (surface: Surface) => { shape: Shape; rules?: readonly Rule[] },
): BlockKind {
  return {
    surfaces: everywhere,
    recent: false,
    check: (surface) => {
      const { shape, rules } = parts(surface)
      return block(type, shape, rules)
    },
  }
}

function recent(
  type: string,
  surfaces: readonly Surface[],
  shape: Shape,
  rules: readonly Rule[] = [],
): BlockKind {
  return { surfaces, recent: true, check: () => block(type, shape, rules) }
}

function block(type: string, shape: Shape, rules: readonly Rule[] = []): Check {
  return object({ type: required(literal(type)), block_id: optional(identifier), ...shape }, rules)
}

function holds(place: Place, surface: Surface): Check {
  return byType(elementsFor(place, surface))
}

function distinctActionIds(value: Fields): string | undefined {
  const held = Array.isArray(value.elements) ? value.elements.filter(isFields) : []
  const ids = held.flatMap((element) => (typeof element.action_id === 'string' ? [element.action_id] : []))
  return new Set(ids).size === ids.length ? undefined : 'action_id must be unique inside its block'
}

function tableCell(): Check {
  return byType({
    raw_text: object({
      type: required(literal('raw_text')),
      text: required(string({ min: 1, max: 10_000 })),
    }),
    raw_number: object({
      type: required(literal('raw_number')),
      value: required((value, pointer, found) => {
        if (typeof value !== 'number') found.push({ pointer, message: 'must provide a number' })
      }),
      text: optional(string()),
    }),
    rich_text: richTextBlock,
  })
}

function columnSetting(value: unknown, pointer: string, found: Parameters<Check>[2]): void {
  if (value === null) return
  object({ align: optional(literal('left', 'center', 'right')), is_wrapped: optional(boolean) })(
    value,
    pointer,
    found,
  )
}

function equalColumns(value: Fields): string | undefined {
  const rows = Array.isArray(value.rows) ? value.rows : []
  const widths = new Set(rows.map((row) => (Array.isArray(row) ? row.length : -1)))
  return widths.size <= 1 ? undefined : 'all rows must have the same number of columns'
}
