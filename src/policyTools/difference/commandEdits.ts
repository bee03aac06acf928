import type { Bundle } from '../../policy/bundle.ts'
import type { Comparison } from './comparison.ts'

/**
 * Edits of commands.yaml that can weaken: a sentence for each. What becomes known may be allowed, what is no longer known is
 * no longer denied by what it was read as, and what an entry says anew may be either. Silent where no rule goes by it.
 */
export function commandEdits({ base, head }: Pick<Comparison, 'base' | 'head'>): readonly string[] {
  if (!goesByReading(base) && !goesByReading(head)) return []
  const [from, to] = [base.commands.written, head.commands.written]
  const names = [...new Set([...from.keys(), ...to.keys()])].filter((name) => from.get(name) !== to.get(name))
  const groups = names
    .filter((name) => !name.startsWith(program))
    .map((name) => `${name} of commands.yaml changed: ${parts[name] ?? ''}.`)
  const programs = names.filter((name) => name.startsWith(program))
  return [
    ...groups,
    ...told(
      programs.filter((name) => !from.has(name)),
      'is new in commands.yaml: what it does is understood, and rules may allow it',
    ),
    ...told(
      programs.filter((name) => from.has(name) && to.has(name)),
      'has another entry in commands.yaml: more of its words may be understood, or go less far',
    ),
    ...told(
      programs.filter((name) => !to.has(name)),
      'is gone from commands.yaml: rules that deny by what it was read as no longer apply',
    ),
  ]
}

/** As keys of what is written begin. */
const program = 'program '

const parts: Readonly<Record<string, string>> = {
  runs: 'the commands of other agents may be understood, or other settings trusted',
  directories: 'programs in other places may count as known',
  paths: 'other files may be read, or no longer count as secret',
  kinds: 'other words may be understood',
}

function goesByReading({ reads }: Bundle): boolean {
  return reads.has('read')
}

function told(keys: readonly string[], what: string): readonly string[] {
  return [...keys].sort().map((key) => `The program ${key.slice(program.length)} ${what}.`)
}
