import { compiledRegex } from './conditions/regex.ts'
import type { CommandsShape } from './format/commandsSchema.ts'
import type { Fault } from './problem.ts'
import type { Kind } from './readers/shell/commandCatalogue.ts'

/**
 * Kinds by the text that names them: a name, `=word` for one word, words joined by `|`, or a kind of words and `/name` behind
 * one of them.
 */
export interface Kinds {
  readonly names: readonly string[]
  named(written: string): Kind | null
}

/**
 * A path that no program takes for something else: no dash at the beginning, no colon (tar: a file of another host), and no
 * `@` there either, behind which many take their words from a file (`nm @words`, `az … --resource-id @words`).
 */
const path = /^[A-Za-z0-9_./%+=,*? ][A-Za-z0-9_./@%+=,*? -]*$/
const name = /^[A-Za-z0-9_%+:,.][A-Za-z0-9_@%+=:,./-]*$/

/** Kinds that the readers know by themselves. */
const builtIn: readonly Kind[] = [
  { name: 'path', role: 'path', fits: (text) => path.test(text) },
  {
    name: 'contents',
    role: 'contents',
    fits: (text) => text === '-' || path.test(text),
  },
  { name: 'filename', role: 'filename', fits: (text) => /^[A-Za-z0-9_./@%+=:,*?[\]^ -]+$/.test(text) },
  {
    name: 'host',
    role: 'host',
    fits: (text) => /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(text) || isIpv6(text),
  },
  {
    name: 'login',
    role: 'host',
    fits: (text) => /^([a-z_][a-z0-9_.-]{0,31}@)?[A-Za-z0-9][A-Za-z0-9.-]{0,252}$/.test(text),
  },
  { name: 'at-host', role: 'host', fits: (text) => /^@[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$/.test(text) },
  {
    name: 'url',
    role: 'url',
    fits: (text) =>
      /^https?:\/\/[A-Za-z0-9][A-Za-z0-9.-]{0,252}(:[0-9]{1,5})?([/?][A-Za-z0-9_./%+=:,@&?~;-]*)?$/.test(
        text,
      ),
  },
  { name: 'command', role: 'command', fits: () => true },
  { name: 'remote', role: 'remote', fits: () => true },
  { name: 'number', role: 'text', fits: (text) => /^[+-]?[0-9]+([.][0-9]+)?[A-Za-z]{0,2}$/.test(text) },
  { name: 'name', role: 'text', fits: (text) => name.test(text) },
  { name: 'text', role: 'text', fits: () => true },
]

function isIpv6(text: string): boolean {
  return text.includes(':') && /^[0-9A-Fa-f:.]{2,45}$/.test(text)
}

/** The kinds of commands.yaml beside those; the faults of patterns that are not RE2 are added. */
export function kindsOf(written: NonNullable<CommandsShape['kinds']>, faults: Fault[]): Kinds {
  const kinds = new Map(builtIn.map((kind) => [kind.name, kind]))
  const sets = new Map<string, ReadonlySet<string>>()
  for (const [name, of] of written) {
    const at = ['kinds', name]
    if (kinds.has(name))
      faults.push({ path: at, code: 'schema/value', message: `The kind ${name} is built in.` })
    if (typeof of === 'string') {
      const regex = compiledRegex(of)
      if (typeof regex === 'string')
        faults.push({ path: at, code: 'cel/bad-regex', message: `The pattern is not RE2: ${regex}.` })
      else kinds.set(name, { name, role: 'text', fits: (text) => regex.matches(text) })
    } else {
      const set = new Set(of)
      sets.set(name, set)
      kinds.set(name, { name, role: 'text', fits: (text) => isAmong(text, set) })
    }
  }
  return {
    names: [...kinds.keys()],
    named: (text) => kinds.get(text) ?? literally(text) ?? wordsOf(text) ?? behind(text, sets),
  }
}

/** Words of a set, joined by commas where a program takes several. */
function isAmong(text: string, set: ReadonlySet<string>): boolean {
  return text.split(',').every((one) => set.has(one))
}

function literally(text: string): Kind | null {
  const word = text.startsWith('=') ? text.slice(1) : ''
  return word === '' ? null : { name: word, role: 'text', fits: (one) => one === word }
}

function wordsOf(text: string): Kind | null {
  if (!text.includes('|')) return null
  const set = new Set(text.split('|'))
  return { name: text, role: 'text', fits: (one) => isAmong(one, set) }
}

/** `resource/name`: one of the words, a slash, and a name. */
function behind(text: string, sets: ReadonlyMap<string, ReadonlySet<string>>): Kind | null {
  const set = text.endsWith('/name') ? sets.get(text.slice(0, -'/name'.length)) : undefined
  if (set === undefined) return null
  const fits = (one: string): boolean => {
    const slash = one.indexOf('/')
    return (
      slash > 0 && set.has(one.slice(0, slash)) && /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(one.slice(slash + 1))
    )
  }
  return { name: text, role: 'text', fits }
}
