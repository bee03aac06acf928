import type { ToolShape, WrittenArgument } from '../../policy/format/serverSchema.ts'
import { typeText } from './serverFile.ts'

/** What a definition no longer says, and what it says now. */
export interface Lines {
  readonly gone: readonly string[]
  readonly come: readonly string[]
}

/** The lines in which two definitions of a tool differ, as far as a file keeps them; both empty where the difference is in what it does not keep. */
export function linesBetween(before: ToolShape, after: ToolShape): Lines {
  const [old, now] = [linesOf(before), linesOf(after)]
  return { gone: old.filter((line) => !now.includes(line)), come: now.filter((line) => !old.includes(line)) }
}

function linesOf({ title, description, hints, arguments: args }: ToolShape): readonly string[] {
  return [
    ...(title === undefined ? [] : [`title: ${title}`]),
    ...(description ?? '').split('\n').filter((line) => line.trim() !== ''),
    ...Object.entries(hints ?? {}).map(([name, is]) => `${name}: ${is}`),
    ...[...(args ?? [])].map(([name, one]) => `${name}: ${saidOf(one)}`),
  ]
}

/** What people added to an argument is no part of what the server says. */
function saidOf({ type, optional, says }: WrittenArgument): string {
  return `${typeText(type, optional)}${says === undefined ? '' : `: ${says}`}`
}
