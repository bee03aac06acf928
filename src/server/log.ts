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

/**
 * JSON lines for machines; on a terminal, lines for people, in colour where it shows colour (NO_COLOR, FORCE_COLOR).
 *
 * @param options.stream where to; standard output where nothing is said
 */
export function createLog(options: {
  readonly level: string
  readonly terminal: boolean
  readonly stream?: NodeJS.WriteStream & { readonly fd: number }
}): Logger {
  const { stream = process.stdout } = options
  const settings = { level: options.level, redact: { paths: secretPaths, censor: '[redacted]' }, base: {} }
  if (!options.terminal) return pino(settings, pino.destination({ fd: stream.fd, sync: true }))
  const colorize = stream.isTTY && stream.hasColors()
  return pino(
    settings,
    pretty({
      colorize,
      destination: stream.fd,
      ignore: 'pid,hostname',
      translateTime: 'HH:MM:ss',
      singleLine: true,
    }),
  )
}
