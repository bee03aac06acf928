/** One message of ours on its way to an address. */
export interface Message {
  readonly url: string
  /** The same however often it is sent: receivers tell by it what they have had already. */
  readonly id: string
  /** When it is signed; receivers refuse what is older than five minutes. */
  readonly at: Date
  /** JSON. */
  readonly body: string
  /** `whsec_…`, at least one: each signs. */
  readonly secrets: readonly string[]
}

/** What the other side answered; what it said besides is not read further than a few kilobytes. */
export interface Posted {
  readonly status: number
  readonly retryAfterSeconds: number | null
}

/**
 * The way out to addresses that agents and operators name (threats: ssrf). Where a name leads is looked up once, and that is what
 * is connected to; redirects are not followed, no proxy is used, and all of it ends within ten seconds.
 */
export interface Outgoing {
  /**
   * Why nothing is sent to this address, as a sentence, or null. What cannot be found out now, because no name server answers, is
   * null: it is asked again at each attempt.
   */
  refuse(url: string): Promise<string | null>
  /** @throws SendFault when there was no answer */
  post(message: Message): Promise<Posted>
  /** The secret that signs what goes to the callbacks of requests that were made with this key: `whsec_…`. */
  callbackSecret(keyId: string): string
  /** Where the outside reaches this server, without a slash at the end: messages say where to look. */
  readonly baseUrl: string
}

/** There was no answer. The message says why in a few words, and holds nothing of the address but its host. */
export class SendFault extends Error {
  override readonly name = 'SendFault'
}
