import type { Bundle } from '../../policy/bundle.ts'
import { type Finding, lintCodes } from './finding.ts'

/** Agents are stopped by themselves, and a person who sees one go wrong has to find an operator with a shell. */
export function nobodyStops({ stop }: Bundle): readonly Finding[] {
  if (stop.on.length === 0 || stop.who.length > 0) return []
  const code = 'stop/nobody'
  const message =
    'Agents are stopped by themselves, and nobody can stop one in Slack: name people under `stop.who`. Without it only whoever runs the server can, with countersign stop.'
  const place = { file: 'bundle.yaml', line: 1, column: 1, rule: null }
  return [{ level: lintCodes[code].level, code, ...place, message, excerpt: null }]
}
