import { styleText } from 'node:util'
import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { Refusal } from '../core/refusal.ts'
import { escapeHidden } from '../core/visible.ts'
import { ConfigError } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { ToldToStop } from '../server/toldToStop.ts'
import { StoreFault } from '../store/fault.ts'

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan'

/** A text as it is to look. */
export type Paint = (style: Style, text: string) => string

/**
 * Colour where the stream is a terminal that shows it, plain text elsewhere. NO_COLOR turns it off, FORCE_COLOR turns it
 * on wherever the text goes (https://no-color.org, https://force-color.org); where both are set, FORCE_COLOR counts.
 */
export function paintFor(stream: NodeJS.WritableStream): Paint {
  return (style, text) => styleText(style, text, { stream })
}

/** For what is said on standard output. */
export const paint = paintFor(process.stdout)

export const say = sayOn(process.stdout)

/** Says lines on a stream. */
export function sayOn(stream: NodeJS.WritableStream): (text?: string) => void {
  return (text = '') => void stream.write(`${text}\n`)
}

/** What is wrong and what fixes it, on standard error. Only a bug shows a stack. */
export function sayFailure(error: unknown): void {
  process.stderr.write(`${failureText(error, paintFor(process.stderr))}\n`)
}

/** The same as text; plain, unless somebody paints. Names in it come from files, servers and agents: none of them draws on the terminal. */
export function failureText(error: unknown, painter: Paint = (_style, text) => text): string {
  const paint: Paint = (style, text) => painter(style, escapeHidden(text))
  if (error instanceof ConfigError) {
    const lines = error.problems.map(
      ({ key, wrong, fix }) => `  ${paint('bold', key)} ${escapeHidden(wrong)}\n    ${escapeHidden(fix)}`,
    )
    return `${paint('red', 'The configuration does not work:')}\n${lines.join('\n')}`
  }
  if (error instanceof StoreFault || error instanceof StartFault) {
    const cause = causeLine(error)
    return `${paint('red', error.message)}\n  ${escapeHidden(error.fix)}${cause === null ? '' : `\n  ${paint('dim', `Cause: ${cause}`)}`}`
  }
  if (error instanceof ToldToStop)
    return 'Stopped before it was done; nothing that was begun is left running.'
  if (error instanceof Refusal) {
    const places = error.problems.map(
      (problem) => `\n  ${escapeHidden(`${problem.pointer.slice(1)}: ${problem.detail}`)}`,
    )
    return `${paint('red', error.says)} (${error.code})${places.join('')}`
  }
  if (error instanceof StoreUnavailable)
    return `${paint('red', error.message)}\n  ${error.unknown ? 'It is not certain whether this took effect: check before you repeat it.' : 'Nothing was changed. Repeat it when the database works again.'}`
  return escapeHidden(error instanceof Error ? (error.stack ?? error.message) : String(error))
}

/** What was met underneath, in one line, as whoever met it said it; null when there is no more to say. */
export function causeLine(error: Error): string | null {
  const deepest = deepestOf(error)
  if (deepest === error) return null
  const code = 'code' in deepest && typeof deepest.code === 'string' ? deepest.code : null
  const first = deepest instanceof AggregateError ? deepest.errors[0] : null
  const message = deepest.message || (first instanceof Error ? first.message : '')
  const line = message.replace(/\s+/g, ' ').trim().slice(0, 300)
  return code === null || line.includes(code) ? line || deepest.name : `${line} (${code})`
}

function deepestOf(error: Error): Error {
  let at = error
  for (let depth = 0; depth < 8 && at.cause instanceof Error; depth += 1) at = at.cause
  return at
}
