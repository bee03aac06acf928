import type { Recorded } from '../../evidence/recorded.ts'
import { SinkFault, type StreamSink } from './streamSink.ts'

/** Milliseconds that a receiver is waited for. */
export interface Patience {
  /** For each part of a batch; shorter than a turn. */
  readonly longest: number
  /** Once the end has been asked for. */
  readonly last: number
}

/** Somebody else has the turn by now. */
export class TurnLost extends Error {
  override readonly name = 'TurnLost'
}

export interface HandOverOptions {
  readonly sink: StreamSink
  readonly signal: AbortSignal
  readonly patience: Patience
  /** Makes the turn longer; false: it is somebody else's. */
  readonly keep: () => Promise<boolean>
  /** Hears that a part of the batch was taken. */
  readonly partTaken: () => void
}

/**
 * Hands a batch over, while it is our turn, and waits no longer than the receiver may take. What it does after that, nobody waits for.
 *
 * @throws SinkFault, also when there was no answer in time; TurnLost; StoreUnavailable
 */
export async function handOver(batch: readonly Recorded[], options: HandOverOptions): Promise<void> {
  const { sink, signal, patience, partTaken } = options
  const keep = async (): Promise<void> => {
    if (!(await options.keep())) throw new TurnLost('it is the turn of somebody else')
  }
  await keep()
  const [over, giveUp] = giveUpOn()
  let timer: NodeJS.Timeout | undefined
  const waitFor = (ms: number): void => {
    clearTimeout(timer)
    timer = setTimeout(giveUp, ms)
  }
  const atEnd = (): void => waitFor(patience.last)
  const between = async (): Promise<void> => {
    if (over.aborted) throw new SinkFault('it did not answer in time')
    partTaken()
    await keep()
    waitFor(signal.aborted ? patience.last : patience.longest)
  }
  waitFor(signal.aborted ? patience.last : patience.longest)
  signal.addEventListener('abort', atEnd, { once: true })
  try {
    await Promise.race([sink.take(batch, signal, between), rejectedBy(over)])
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', atEnd)
  }
}

function giveUpOn(): readonly [AbortSignal, () => void] {
  const controller = new AbortController()
  return [controller.signal, () => controller.abort()]
}

function rejectedBy(over: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    over.addEventListener('abort', () => reject(new SinkFault('it did not answer in time')), { once: true })
  })
}
