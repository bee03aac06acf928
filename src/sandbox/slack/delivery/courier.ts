/** Bringing things to the app: what is brought, and how the app took it. */

type ParcelKind = 'interactive' | 'slash_commands' | 'events_api'

/** One thing for the app, before it is signed or put into an envelope. */
export interface Parcel {
  readonly kind: ParcelKind
  readonly payload: Readonly<Record<string, unknown>>
  readonly retry?: { readonly number: number; readonly reason: string }
}

/** How the app took a parcel. `ms` is how long it took. */
export type Ack =
  | { readonly kind: 'acked'; readonly body: unknown; readonly ms: number }
  | { readonly kind: 'status'; readonly status: number; readonly noRetry: boolean; readonly ms: number }
  | { readonly kind: 'timeout'; readonly ms: number }
  | { readonly kind: 'unreachable'; readonly ms: number }

/** A parcel ready to travel: sending it twice sends the same bytes twice. */
export interface Sealed {
  /** Sends it, once. `url` is another replica's address (HTTP mode only). Resolves with how it was taken; never rejects. */
  send(options?: { url?: string }): Promise<Ack>
}

export interface Courier {
  seal(parcel: Parcel): Sealed
}

/** What Slack reads from an acknowledgement's body: JSON if it is JSON, else the text; nothing is an empty text. */
export function readAckBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
