import { escapeHidden } from '../../core/visible.ts'
import type { ParamType } from '../../policy/catalogue.ts'
import type { ServerShape, ToolShape, WrittenArgument } from '../../policy/format/serverSchema.ts'

/**
 * The text of mcp/<server>.yaml: the same content is the same text, so that a difference in a pull request is one in what the file says.
 */
export function serverText({ server, reaches, unsaid, tools }: ServerShape): string {
  const head = [
    '# yaml-language-server: $schema=../../docs/schema/mcp.schema.json',
    '# Written by countersign policy import-mcp, which keeps what people wrote here, but no comments: use `note`.',
    'apiVersion: countersign/v1',
    'kind: McpServer',
    `server: ${word(server)}`,
    `reaches: ${reaches}`,
    `unsaid: {effect: ${unsaid.effect}, outside: ${unsaid.outside}}`,
    tools.length === 0 ? 'tools: []' : 'tools:',
  ]
  return `${[...head, ...tools.flatMap(toolLines)].join('\n')}\n`
}

function toolLines(tool: ToolShape): readonly string[] {
  const { name, title, description, hints, digest, effect, outside, unsure, reviewed, note } = tool
  return [
    `  - name: ${word(name)}`,
    ...(title === undefined ? [] : [`    title: ${word(title)}`]),
    ...(description === undefined ? [] : described(description)),
    ...(hints === undefined
      ? []
      : [`    hints: {${pairs(Object.entries(hints).map(([one, is]) => [one, String(is)]))}}`]),
    `    digest: ${digest}`,
    `    effect: ${effect}`,
    `    outside: ${outside}`,
    ...argumentLines(tool.arguments),
    ...(unsure === undefined ? [] : ['    unsure:', ...unsure.map((one) => `      - ${quoted(one)}`)]),
    ...(note === undefined ? [] : [`    note: ${quoted(note)}`]),
    `    reviewed: ${reviewed === false ? 'false' : `{by: ${word(reviewed.by)}, on: ${quoted(reviewed.on)}}`}`,
  ]
}

function argumentLines(args: ToolShape['arguments']): readonly string[] {
  if (args === undefined) return []
  if (args.size === 0) return ['    arguments: {}']
  return ['    arguments:', ...[...args].map(([name, one]) => `      ${word(name)}: ${argumentText(one)}`)]
}

/** As a person would write it: the type alone where there is nothing else. */
function argumentText({ type, optional, is, says }: WrittenArgument): string {
  const typed = typeText(type, optional)
  if (is === undefined && says === undefined) return typed
  const rest: (readonly [string, string])[] = [
    ...(is === undefined ? [] : [['is', is] as const]),
    ...(says === undefined ? [] : [['says', quoted(says)] as const]),
  ]
  return `{${pairs([['type', typed], ...rest])}}`
}

/** `string?`, `{list: int}`, `{list?: {list: string}}`. */
export function typeText(type: ParamType, optional: boolean): string {
  if (typeof type === 'string') return `${type}${optional ? '?' : ''}`
  return `{list${optional ? '?' : ''}: ${typeText(type.list, false)}}`
}

function pairs(entries: readonly (readonly [string, string])[]): string {
  return entries.map(([name, value]) => `${word(name)}: ${value}`).join(', ')
}

/** Lines as they are where that loses nothing, so that they can be read; otherwise quoted. */
function described(text: string): readonly string[] {
  const lines = text.split('\n')
  const asTheyAre = lines.every((line) => /^(?![\s#-])[\x20-\x7e]*(?<! )$/.test(line))
  if (!asTheyAre || lines.at(-1) === '' || lines[0] === '') return [`    description: ${quoted(text)}`]
  return ['    description: |-', ...lines.map((line) => (line === '' ? '' : `      ${line}`))]
}

/** Words that YAML reads as something else than text. */
const special = /^(true|false|null|yes|no|on|off|~)$/i

function word(text: string): string {
  return /^[A-Za-z_][A-Za-z0-9_./@+-]*$/.test(text) && !special.test(text) ? text : quoted(text)
}

/** JSON is YAML; what is not plain is escaped, so that nothing hides in a file: there are letters that show nothing. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll(/[^\x20-\x7e]/g, (unit) =>
    /[\p{L}\p{N}]/u.test(unit) && escapeHidden(unit) === unit
      ? unit
      : `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
