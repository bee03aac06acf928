import { StoreUnavailable } from '../approvals/storeUnavailable.ts'
import { Refusal } from '../core/refusal.ts'
import { ConfigError } from '../server/config.ts'
import { StartFault } from '../server/startFault.ts'
import { ToldToStop } from '../server/toldToStop.ts'
import { StoreFault } from '../store/fault.ts'

const ansi = process.stdout.isTTY ? { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } : {}

/** Colour on a terminal, plain text elsewhere. */
export function paint(style: 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan', text: string): string {
  const code = (ansi as Partial<Record<string, number>>)[style]
  return code === undefined ? text : `\x1b[${code}m${text}\x1b[0m`
}

export function say(text = ''): void {
  process.stdout.write(`${text}\n`)
}

/** What is wrong and what mends it, on standard error. Only a bug shows a stack. */
export function sayFailure(error: unknown): void {
  process.stderr.write(`${failureText(error)}\n`)
}

/** The same as text; coloured where standard output is a terminal. */
export function failureText(error: unknown): string {
  if (error instanceof ConfigError) {
    const lines = error.problems.map(
      ({ key, wrong, mend }) => `  ${paint('bold', key)} ${wrong}\n    ${mend}`,
    )
    return `${paint('red', 'The configuration does not work:')}\n${lines.join('\n')}`
  }
  if (error instanceof StoreFault || error instanceof StartFault) {
    const cause = causeLine(error)
    return `${paint('red', error.message)}\n  ${error.mend}${cause === null ? '' : `\n  ${paint('dim', `Cause: ${cause}`)}`}`
  }
  if (error instanceof ToldToStop)
    return 'Stopped before it was done; nothing that was begun is left running.'
  if (error instanceof Refusal) {
    const places = error.problems.map((problem) => `\n  ${problem.pointer.slice(1)}: ${problem.detail}`)
    return `${paint('red', error.says)} (${error.code})${places.join('')}`
  }
  if (error instanceof StoreUnavailable)
    return `${paint('red', error.message)}\n  ${error.unknown ? 'It is not certain whether this took effect: look before you repeat it.' : 'Nothing was changed. Repeat it when the database is well again.'}`
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
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
