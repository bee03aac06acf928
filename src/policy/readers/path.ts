import { bool, string } from '../conditions/valueType.ts'
import type { Reader, Reading } from './reader.ts'

const longest = 4_096

/** One step of a path, in characters that neither a shell nor a file system reads differently. */
const step = /^[A-Za-z0-9_.,+@=-]+(?: [A-Za-z0-9_.,+@=-]+)*$/

/** Where a path leads elsewhere than it says: into processes, and to whatever they have open. */
const magic = new Set(['proc', 'dev'])

/**
 * An absolute POSIX path (docs/policy.md#path) and the innermost of the operator's roots that it is in, "" for none. Nothing is resolved: what
 * would have to be (`..`, `~`, variables, globs, links through /proc) is not understood. Symbolic links are known only to
 * whoever opens the file.
 */
export function readPath(text: string, roots: readonly string[]): Reading {
  const wrong = wrongIn(text)
  if (wrong !== null) return { understood: false, why: wrong }
  const path = text.length > 1 && text.endsWith('/') ? text.slice(0, -1) : text
  const steps = path.split('/').slice(1)
  const within = roots.filter((root) => isBelow(path, root))
  const root = within.reduce((inner, one) => (one.length > inner.length ? one : inner), '')
  const hidden = steps.some((one) => one.startsWith('.'))
  return { understood: true, facts: { path, root, name: steps.at(-1) ?? '', hidden } }
}

/** What is wrong with a path, as a sentence; null for one that says where it leads. Roots have to be such paths too. */
export function wrongIn(text: string): string | null {
  if (text.length > longest) return `It is longer than ${longest} characters.`
  if (!text.startsWith('/')) return 'It does not begin at /, so it depends on where it is used.'
  if (text === '/') return null
  const steps = (text.endsWith('/') ? text.slice(0, -1) : text).slice(1).split('/')
  if (steps.includes('')) return 'It has an empty step.'
  if (steps.some((one) => one === '.' || one === '..')) return 'It has steps like `..`.'
  if (!steps.every((one) => step.test(one))) return 'It has a character that is not read alike everywhere.'
  return magic.has(steps[0] ?? '') ? 'Paths below /proc and /dev lead elsewhere.' : null
}

function isBelow(path: string, root: string): boolean {
  return root === '/' || path === root || path.startsWith(`${root}/`)
}

export const pathReader: Reader = {
  accepts: 'string',
  what: 'an absolute path',
  facts: { path: string, root: string, name: string, hidden: bool },
  most: { text: longest, items: 0 },
  read: (value, _, { roots }) =>
    typeof value === 'string' ? readPath(value, roots) : { understood: false, why: 'It is not text.' },
}
