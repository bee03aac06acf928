import type { AdaptiveCard } from './elements.ts'

interface Sized {
  /** Of a message. A window has none. */
  readonly summary?: string
  readonly card: AdaptiveCard
}

/**
 * Bytes of a card and its summary. Teams takes 28 KB at workflows and older clients, and 100 KB at bots; the rest is for what the
 * connector puts around it.
 */
export const largestMessage = 27_000

/** Whether Teams takes it, whatever letters it is written in. */
function fitsMessage(message: Sized): boolean {
  return bytesOf(message) <= largestMessage
}

export function bytesOf({ card, summary }: Sized): number {
  return Buffer.byteLength(JSON.stringify(card)) + Buffer.byteLength(summary ?? '')
}

/** The first of these that Teams takes: they say less and less. The last is small enough whatever it says. */
export function firstThatFits<M extends Sized>(attempts: readonly [() => M, ...(() => M)[]]): M {
  const [first, ...others] = attempts
  return others.reduce((message, next) => (fitsMessage(message) ? message : next()), first())
}
