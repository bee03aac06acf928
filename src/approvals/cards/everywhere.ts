import { ChannelFault } from '../channelPort.ts'

/** What went wrong at one address. */
export interface Failure {
  readonly fault: ChannelFault
  /** The card that was written down for it and certainly did not go out. */
  readonly unsent?: string
  /** The card shows what it should; only lines under it are missing. */
  readonly untold?: true
}

/** Some addresses were not served; all others were. It reads like its first fault. */
export class Undelivered extends ChannelFault {
  readonly failures: ReadonlyMap<string, Failure>

  constructor(failures: ReadonlyMap<string, Failure>, first: ChannelFault) {
    super(first)
    this.failures = failures
  }
}

/** A card that was refused: nothing was sent. */
export class Unsent extends ChannelFault {
  readonly card: string

  constructor(fault: ChannelFault, card: string) {
    super(fault)
    this.card = card
  }
}

/** A line under a card was refused, and the card shows the newest state. */
export class Untold extends ChannelFault {}

/** What went wrong, by address. Empty when everything went well. */
export type Failures = Map<string, Failure>

/**
 * Does the same at each address. One that refuses, or fails, does not keep the others from theirs: what went wrong is
 * collected. Whatever is no fault of the channel's is thrown at once.
 */
export async function everywhere(
  addresses: readonly string[],
  work: (address: string) => Promise<unknown>,
): Promise<Failures> {
  const failures: Failures = new Map()
  for (const address of addresses) {
    try {
      await work(address)
    } catch (fault) {
      if (!(fault instanceof ChannelFault)) throw fault
      failures.set(address, {
        fault,
        ...(fault instanceof Unsent && { unsent: fault.card }),
        ...(fault instanceof Untold && { untold: true }),
      })
    }
  }
  return failures
}

/** @throws Undelivered when something went wrong, so that the job waits again */
export function refuseUndelivered(failures: Failures): void {
  const [first] = failures.values()
  if (first) throw new Undelivered(failures, first.fault)
}

const moved = 'card_moved'

/** Another run changed a card under this one, which starts over with what that one left. */
export function cardMoved(): ChannelFault {
  return new ChannelFault({ code: moved, message: 'the card changed meanwhile', unknown: false })
}

export function isMoved(fault: unknown): boolean {
  return fault instanceof ChannelFault && fault.code === moved
}
