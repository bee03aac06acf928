import { readConfig } from '../server/config.ts'
import { createLog } from '../server/log.ts'
import { type RunningServer, startServer } from '../server/start.ts'
import { StartFault } from '../server/startFault.ts'
import { streamsOf } from '../server/streams.ts'
import { ToldToStop, untilToldToStop } from '../server/toldToStop.ts'
import { type Paint, paintFor, sayFailure, sayOn } from './say.ts'
import { withoutPolicy } from './withoutPolicy.ts'

/** Where a start speaks. */
interface Voice {
  readonly say: (text?: string) => void
  readonly paint: Paint
}

/** Runs until it is told to stop, or has to; resolves with the exit code. */
export async function start(): Promise<number> {
  const config = readConfig()
  // Where entries are printed nothing else is: a collector reads each line as one.
  const stream = streamsOf(config).prints ? process.stderr : process.stdout
  const voice: Voice = { say: sayOn(stream), paint: paintFor(stream) }
  const { say, paint } = voice
  const terminal = stream.isTTY === true
  // On a terminal the greeting says what matters; the log speaks up when something is wrong.
  const log = createLog({
    level: terminal && config.logLevel === 'info' ? 'warn' : config.logLevel,
    terminal,
    stream,
  })
  const told = untilToldToStop()
  const signal = AbortSignal.any([told.signal, whenABugEscapes()])
  const began = performance.now()
  // Said when it is begun: a first start creates a database, and nobody should wonder what it waits for.
  const tell = (doing: string) => {
    if (terminal) say(paint('dim', `${doing}…`))
    else log.info({ doing }, 'starting')
  }
  const server = await startServer(config, log, { signal, tell })
  if (server.judges()) greet(voice, server, { seconds: (performance.now() - began) / 1_000 })
  else for (const line of withoutPolicy(server, config.policyDir)) say(line)

  const end = AbortSignal.any([signal, server.replaced])
  await aborted(end)
  const fault = end.reason instanceof ToldToStop ? null : end.reason
  if (fault !== null) sayFailure(fault)
  say(paint('dim', 'Stopping…'))
  await server.stop()
  return sayEnd(voice, server.failed(), fault === null ? 0 : 1)
}

/** The end, and what of it did not go in order: that makes it a failure. */
function sayEnd({ say, paint }: Voice, failed: readonly string[], exitCode: number): number {
  if (failed.length > 0)
    sayFailure(
      new StartFault({
        problem: `Not everything ended in order: ${failed.join(', ')}. Everything else has ended.`,
        fix: 'The log says why. What was acknowledged is in the database; the next start continues from there.',
      }),
    )
  else say(paint('dim', 'Stopped. Everything that was acknowledged is kept.'))
  return failed.length > 0 ? 1 : exitCode
}

function greet(voice: Voice, server: RunningServer, took: { readonly seconds: number }): void {
  const { say, paint } = voice
  say()
  say(
    `${paint('bold', 'Countersign')} is ready at ${paint('cyan', server.url)} ${paint('dim', `(${took.seconds.toFixed(1)} s)`)}`,
  )
  if (server.note) say(paint('yellow', server.note))
  if (server.sandbox) greetInSandbox(voice, server, server.sandbox)
  say(paint('dim', 'Ctrl-C stops it.'))
  say()
}

function greetInSandbox(
  { say, paint }: Voice,
  server: RunningServer,
  sandbox: NonNullable<RunningServer['sandbox']>,
): void {
  const [agent] = sandbox.agents
  say()
  say(
    `  ${paint('yellow', 'Sandbox')}: a local Slack and a local Teams; nobody outside this machine sees them, and anyone can be anyone in them.`,
  )
  say(`  Open  ${paint('cyan', sandbox.page)}`)
  say()
  if (!agent) return
  const body = {
    action: 'db.export',
    resource: { type: 'table', id: 'warehouse.users' },
    params: {
      table: 'users',
      rows: 250000,
      columns: ['id', 'email'],
      destination: 's3://acme-lake-in/churn',
    },
    environment: 'prod',
    reason: 'Quarterly churn analysis for the board deck',
    initiator: { email: 'alice@acme.test' },
  }
  say(
    `  Then play the agent ${paint('bold', agent.name)} in another terminal. This waits until somebody decides:`,
  )
  say()
  say(`  curl -s ${server.url}/v1/requests \\`)
  say(`    -H 'Authorization: Bearer ${agent.key}' \\`)
  say(`    -H 'Content-Type: application/json' -H 'Prefer: wait=55' \\`)
  say(`    -d '${JSON.stringify(body)}'`)
  say()
}

/** A bug that escaped ends the process in order, too. */
function whenABugEscapes(): AbortSignal {
  const escaped = new AbortController()
  for (const event of ['unhandledRejection', 'uncaughtException'])
    process.on(event, (bug) => escaped.abort(bug ?? new Error(event)))
  return escaped.signal
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
