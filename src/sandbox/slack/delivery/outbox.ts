/** Everything that was sent to the app, and a way to wait until it has all been taken. */
import type { Ack, Courier, Parcel, Sealed } from './courier.ts'

/** One thing that was brought to the app; `ack` is there once it was taken, or was not. */
export interface Delivery {
  readonly parcel: Parcel
  ack: Ack | undefined
  /** Sends the very same bytes again, to `url` if another replica is to get them (HTTP mode). */
  again(options?: { url?: string }): Promise<Ack>
}

export interface Outbox {
  /** Oldest first; in the long run only the newest are kept. */
  readonly deliveries: readonly Delivery[]
  send(parcel: Parcel): Promise<Ack>
  /** Resolves when nothing is on its way any more. Retries that wait for their time do not count. */
  idle(): Promise<void>
}

const deliveriesKept = 1000

/** Sends through whichever courier is in use at that moment. */
export function createOutbox(courier: () => Courier): Outbox {
  const deliveries: Delivery[] = []
  const travelling = new Set<Promise<unknown>>()

  function track(sending: Promise<Ack>): Promise<Ack> {
    travelling.add(sending)
    void sending.finally(() => travelling.delete(sending))
    return sending
  }

  return {
    deliveries,
    async send(parcel) {
      const sealed: Sealed = courier().seal(parcel)
      const delivery: Delivery = { parcel, ack: undefined, again: (options) => track(sealed.send(options)) }
      deliveries.push(delivery)
      if (deliveries.length > deliveriesKept) deliveries.splice(0, deliveries.length - deliveriesKept)
      delivery.ack = await track(sealed.send())
      return delivery.ack
    },
    async idle() {
      while (travelling.size > 0) await Promise.all(travelling)
    },
  }
}
