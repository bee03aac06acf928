import type { ToolShape } from '../../policy/format/serverSchema.ts'
import { type Imported, nameOf, type ToolNews } from './importServer.ts'

/** What an import found, for whoever reviews it: each tool that is not as it was, what differs, and what is left to decide. */
export function importText({ file, news }: Imported, path: string): string {
  const kept = news.filter(({ is }) => is === 'kept').length
  const told = news.filter(({ is }) => is !== 'kept').flatMap(newsLines)
  const open = file.tools.filter(({ reviewed }) => reviewed === false)
  return [
    `${path}: ${plural(file.tools.length, 'tool')} of ${file.server}, ${kept} as before`,
    ...told,
    ...openLines(open, news),
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function newsLines(news: ToolNews): readonly string[] {
  const name = JSON.stringify(nameOf(news))
  if (news.is === 'gone') return [`  gone     ${name}`]
  const line = `  ${news.is.padEnd(8)} ${name}: ${drafted(news.tool)}`
  const unsure = (news.tool.unsure ?? []).map((why) => `             ? ${why}`)
  if (news.is !== 'changed') return [line, ...unsure]
  const { lines, before } = news
  const was =
    before.reviewed === false
      ? 'Nobody had reviewed it.'
      : `${before.reviewed.by} reviewed another definition on ${before.reviewed.on}: this one counts as new.`
  const shown = [...lines.gone.map((one) => `- ${one}`), ...lines.come.map((one) => `+ ${one}`)]
  const hidden =
    'The difference is in what this file does not keep: limits and choices of the schema, its output.'
  return [
    line,
    `             ${was}`,
    ...(shown.length > 0 ? shown : [hidden]).map((one) => `             ${one}`),
    ...unsure,
  ]
}

function drafted({ effect, outside }: ToolShape): string {
  return `${effect}, ${outside ? 'reaches outside' : 'stays inside'}`
}

function openLines(open: readonly ToolShape[], news: readonly ToolNews[]): readonly string[] {
  if (open.length === 0) return ['Every tool is reviewed.']
  const unsure = open.filter((tool) => tool.unsure !== undefined).length
  const older = news.filter((one) => one.is === 'kept' && one.tool.reviewed === false).length
  return [
    `${plural(open.length, 'tool')} to review${unsure > 0 ? `, ${unsure} of them unsure` : ''}${older > 0 ? `, ${older} from before` : ''}: until then each call of them asks.`,
    'Set effect, outside and arguments right, remove `unsure`, and say who looked: reviewed: {by: lee@acme.test, on: "2026-12-01"}',
  ]
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}
