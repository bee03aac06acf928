/** Bringing activities to the app: signed as the connector signs, and what the app answers. */

/** A Bot Framework activity as it travels. */
export type Activity = Readonly<Record<string, unknown>>

export type Answer =
  | { readonly kind: 'answered'; readonly status: number; readonly body: unknown; readonly ms: number }
  | { readonly kind: 'timeout' | 'unreachable'; readonly ms: number }

/** One activity that was brought to the app; `answer` is there once it was taken, or was not. */
export interface TeamsDelivery {
  readonly activity: Activity
  answer: Answer | undefined
  /** Sends the very same again, to `url` if another replica is to get it. */
  again(to?: { readonly url?: string }): Promise<Answer>
}

export interface Courier {
  /** Oldest first; in the long run only the newest are kept. */
  readonly deliveries: readonly TeamsDelivery[]
  /** `token`: instead of a good one; null for none at all. */
  send(activity: Activity, how?: { readonly token?: string | null }): Promise<Answer>
  /** Resolves when nothing is on its way any more. */
  idle(): Promise<void>
}

const deliveriesKept = 1_000

/** `ackMs`: how long Teams waits for an answer. */
export function createCourier(options: {
  readonly url: () => string
  readonly token: () => Promise<string>
  readonly ackMs: number
}): Courier {
  const deliveries: TeamsDelivery[] = []
  const travelling = new Set<Promise<unknown>>()
  const track = (sending: Promise<Answer>) => {
    travelling.add(sending)
    void sending.finally(() => travelling.delete(sending))
    return sending
  }
  return {
    deliveries,
    async send(activity, { token } = {}) {
      const bearer = token === undefined ? options.token() : Promise.resolve(token)
      const again = (to: { readonly url?: string } = {}) =>
        track(bearer.then((held) => post(to.url ?? options.url(), { activity, token: held }, options.ackMs)))
      const delivery: TeamsDelivery = { activity, answer: undefined, again }
      deliveries.push(delivery)
      if (deliveries.length > deliveriesKept) deliveries.splice(0, deliveries.length - deliveriesKept)
      delivery.answer = await again()
      return delivery.answer
    },
    async idle() {
      while (travelling.size > 0) await Promise.all(travelling)
    },
  }
}

async function post(
  url: string,
  { activity, token }: { readonly activity: Activity; readonly token: string | null },
  ackMs: number,
): Promise<Answer> {
  const startedAt = performance.now()
  const ms = () => Math.round(performance.now() - startedAt)
  const signal = AbortSignal.timeout(ackMs)
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Microsoft-SkypeBotApi (Microsoft-BotFramework/3.0)',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(activity),
      signal,
      redirect: 'manual',
    })
    return { kind: 'answered', status: answer.status, body: readBody(await answer.text()), ms: ms() }
  } catch {
    return { kind: signal.aborted ? 'timeout' : 'unreachable', ms: ms() }
  }
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
