import { Option } from 'commander'
import { escapeHidden } from '../../core/visible.ts'

/** What a policy command says and how it ends: 0 clean, 1 an error, 2 something is loosened. */
export interface Printed {
  readonly text: string
  readonly exitCode: 0 | 1 | 2
}

/** Runs a command and prints what it says; the one place where a policy command touches the terminal. */
export type Run = <A extends unknown[]>(
  command: (...args: A) => Printed | Promise<Printed>,
) => (...args: A) => Promise<void>

export const formats = ['text', 'json', 'github'] as const
export type Format = (typeof formats)[number]

/** The same result in each format; only the one that is wanted is made. */
export interface Forms {
  readonly text: () => string
  readonly json: () => unknown
  readonly github: () => readonly Annotation[]
}

/** A line that GitHub Actions shows beside a file, or in the summary of a run. */
export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  readonly message: string
  readonly at?: { readonly file: string; readonly line: number; readonly column: number }
}

export function printed(format: Format, forms: Forms, exitCode: Printed['exitCode']): Printed {
  // Names and values come from agents and servers. In JSON, what is escaped is the same text.
  if (format === 'json') return { text: `${escapeHidden(JSON.stringify(forms.json(), null, 2))}\n`, exitCode }
  if (format === 'text') return { text: escapeHidden(forms.text()), exitCode }
  const lines = forms.github().map(annotationLine)
  return { text: lines.map((line) => `${line}\n`).join(''), exitCode }
}

export function formatOption(): Option {
  return new Option(
    '--format <format>',
    'text for people, json for programs, github for annotations in a workflow',
  )
    .choices([...formats])
    .default('text')
}

/** Workflow commands end at a line break; in properties, colons and commas end a value. A log is shown in terminals, too. */
function annotationLine({ level, title, message, at }: Annotation): string {
  const place = at ? [`file=${property(at.file)}`, `line=${at.line}`, `col=${at.column}`] : []
  return `::${level} ${[...place, `title=${property(title)}`].join(',')}::${escaped(message.trim())}`
}

function escaped(text: string): string {
  return escapeHidden(text).replaceAll('%', '%25').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return escaped(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
