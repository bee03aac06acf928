import type { CommandCatalogue, Kind } from './commandCatalogue.ts'
import type { Trouble } from './scan.ts'
import type { ShellWord } from './simpleCommands.ts'

/** What the words of a command line name. */
export interface Named {
  readonly hosts: string[]
  /** Paths of which names and states are read. */
  readonly paths: string[]
  /** Paths of files that are read themselves. */
  readonly contents: string[]
}

/** A word as it stands somewhere: the value of a flag can be a part of one. */
export type Text = Pick<ShellWord, 'value' | 'at' | 'pattern'>

/** What of the catalogue is said of all paths. */
export type Rules = Pick<CommandCatalogue, 'roots' | 'secret'>

/** Takes a word as what it has to be, or says why it is not. */
export function take(
  text: Text,
  kind: Kind,
  { rules, named }: { rules: Rules; named: Named },
): Trouble | null {
  const { value, at } = text
  const wrong = (why: string): Trouble => ({ why: `${quoted(value)} ${why}.`, at })
  if (!kind.fits(value)) return wrong(`is not ${sayKind(kind)}`)
  if (kind.role === 'host') named.hosts.push(value.replace(/^[^@]*@/, '').toLowerCase())
  if (kind.role === 'url') named.hosts.push(hostOf(value))
  if (kind.role === 'filename') return isSecret(value, rules) ? wrong('looks for something secret') : null
  if (kind.role !== 'path' && kind.role !== 'contents')
    return text.pattern ? wrong('is a pattern of names where one word has to be') : null
  if (isSecret(value, rules)) return wrong('may be secret')
  if (kind.role === 'path') {
    named.paths.push(value)
    return null
  }
  const outside = value === '-' ? null : outsideOf(text, rules)
  if (outside === null && value !== '-') named.contents.push(value)
  return outside === null ? null : wrong(outside)
}

export function quoted(value: string): string {
  const shown = value.length > 60 ? `${value.slice(0, 59)}…` : value
  return `\`${shown.replace(/[\n\t`]/g, ' ')}\``
}

function sayKind({ name, role }: Kind): string {
  if (role === 'path' || role === 'contents') return 'a plain path'
  if (role === 'host') return 'the name of a host'
  if (role === 'url') return 'a plain web address'
  return name.includes('|') ? `one of ${name.split('|').join(', ')}` : `of the kind ${name}`
}

function isSecret(path: string, { secret }: Rules): boolean {
  return path
    .toLowerCase()
    .split('/')
    .some((step) => secret.some(({ fits }) => fits(step)))
}

/** Why the contents of a path may not be read by itself; null: they may. */
function outsideOf({ value, pattern }: Text, { roots }: Rules): string | null {
  const steps = value.split('/')
  // What it becomes is not known: `aut*.log` is `auth.log`, too.
  if (pattern) return 'could be any file'
  if (steps.includes('..')) return 'leads upwards'
  if (value.startsWith('/'))
    return roots.some((root) => value === root || value.startsWith(`${root}/`))
      ? null
      : 'is outside the places whose files may be read'
  return steps.some((step, nth) => step.startsWith('.') && !(step === '.' && nth === 0)) ? 'is hidden' : null
}

/** Of a web address that fits: what stands behind the slashes up to the port or the path. */
function hostOf(url: string): string {
  return (/^https?:\/\/([^/:?#]+)/.exec(url)?.[1] ?? '').toLowerCase()
}
