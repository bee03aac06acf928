import { type Logger, pino } from 'pino'
import pretty from 'pino-pretty'

/** Paths that never reach a log line, whatever somebody logs by mistake. */
const secretPaths = [
  '*.authorization',
  '*.token',
  '*.secret',
  '*.key',
  '*.params',
  '*.headers',
  'headers',
  'params',
  'token',
  'secret',
]

/** JSON lines for machines; on a terminal, lines for people, in colour where it shows colour (NO_COLOR, FORCE_COLOR). */
export function createLog(options: { readonly level: string; readonly terminal: boolean }): Logger {
  const settings = { level: options.level, redact: { paths: secretPaths, censor: '[redacted]' }, base: {} }
  if (!options.terminal) return pino(settings)
  const colorize = process.stdout.isTTY && process.stdout.hasColors()
  return pino(
    settings,
    pretty({ colorize, ignore: 'pid,hostname', translateTime: 'HH:MM:ss', singleLine: true }),
  )
}
