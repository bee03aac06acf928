import type { Glob } from '../../policy/glob.ts'
import { always, type Formula, never, type Test } from './formula.ts'

const path = 'agent.name'

/** That the name of the agent fits one of the globs of a rule's `match`, or with `holds: false` none; null: every agent. */
export function isNamed(agents: readonly Glob[] | null, holds = true): Formula {
  if (agents === null || agents.some(({ pattern }) => pattern === '*')) return holds ? always : never
  const names = agents.filter(({ exact }) => exact).map(({ pattern }) => pattern)
  const listed: readonly Test[] =
    names.length > 0 ? [{ is: holds ? 'among' : 'not among', values: names }] : []
  const texts = agents.filter(({ exact }) => !exact).map(({ pattern }) => fits(pattern, holds))
  const parts = [...listed, ...texts].map((test): Formula => ({ kind: 'test', path, test }))
  return { kind: holds ? 'or' : 'and', parts }
}

function fits(pattern: string, holds: boolean): Test {
  const pieces = pattern.split('*')
  const [start = '', end = ''] = pieces
  if (pieces.length === 2 && end === '') return { is: 'text', how: 'startsWith', operand: start, holds }
  if (pieces.length === 2 && start === '') return { is: 'text', how: 'endsWith', operand: end, holds }
  const operand = `^${pieces.map((piece) => piece.replaceAll('.', '[.]')).join('.*')}$`
  return { is: 'text', how: 'matches', operand, holds }
}
