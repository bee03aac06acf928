import { createServer as createSocketServer } from 'node:net'
import type { HttpServer } from '../http/server.ts'
import type { Config } from './config.ts'
import { StartFault } from './startFault.ts'

/** @throws StartFault when the port is not ours to have */
export async function listen(
  server: HttpServer,
  at: { readonly host: string; readonly port: number },
): Promise<void> {
  try {
    await server.listen(at.host, at.port)
  } catch (cause) {
    throw cannotListen(at, cause)
  }
}

/** The port we will listen on, known before we do. */
interface KeptPort {
  readonly port: number
  /** It is nobody's again. More than once does no harm. */
  readonly free: () => Promise<void>
}

/**
 * Found out first, because the sandbox has to know its own address. One that the system chose is kept until we listen there: the system
 * would give it to the next process that asks for any. Whoever connects meanwhile is turned away.
 *
 * @throws StartFault when the port is not ours to have
 */
export async function keepPort(config: Config): Promise<KeptPort> {
  const probe = createSocketServer((socket) => socket.destroy())
  const free = () =>
    new Promise<void>((resolve) => {
      probe.close(() => resolve())
    })
  const port = await new Promise<number>((resolve, reject) => {
    probe.on('error', (cause) => reject(cannotListen(config, cause)))
    probe.listen(config.port, config.host, () => {
      const address = probe.address()
      resolve(typeof address === 'object' && address ? address.port : config.port)
    })
  })
  if (config.port !== 0) await free()
  return { port, free }
}

/** What each failure to listen means, and its fix. */
const listenFaults: Readonly<Record<string, readonly [problem: string, fix: (port: number) => string]>> = {
  EADDRINUSE: [
    'something else listens there',
    (port) => `Stop what listens there, or choose another port: PORT=${port + 1} npm start`,
  ],
  EACCES: ['we are not allowed to use that port', () => 'Set PORT to a port above 1023, such as PORT=3000.'],
  ENOTFOUND: ['HOST is not a name of this machine', () => 'Correct HOST, or leave it out.'],
  EADDRNOTAVAIL: ['HOST is not an address of this machine', () => 'Correct HOST, or leave it out.'],
}

function cannotListen(at: { readonly host: string; readonly port: number }, cause: unknown): StartFault {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown'
  const [problem, fix] = listenFaults[code] ?? [code, () => 'Check HOST and PORT.']
  return new StartFault({
    problem: `Cannot listen on ${at.host}:${at.port}: ${problem}.`,
    fix: fix(at.port),
    cause,
  })
}

/** Where the server of this configuration is reached by whoever is on its machine. */
export function originOf(config: Config, port = config.port): string {
  return `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}`
}
