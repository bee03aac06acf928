import type { Access } from './call.ts'
import { type Gated, type GatedOptionsOf, gate, type Runs } from './gated.ts'
import type { Surroundings } from './limit.ts'
import { beginning, type Verbs, verbsOf } from './verbs.ts'
import type { Submission } from './wire.ts'

export { digestAction, digestResult } from './canonical.ts'
export { type ClientCode, CountersignError } from './countersignError.ts'
export type { Approved, Gated, GatedOptions, GatedOptionsOf, NamedCall, Runs } from './gated.ts'
export type { Terms } from './limit.ts'
export { toolDigest } from './toolDigest.ts'
export type { AskTerms, Verbs } from './verbs.ts'
export type {
  Action,
  ActionRequest,
  Claim,
  Digest,
  Grant,
  Json,
  LedgerPlace,
  NarrowedTo,
  Note,
  Problem,
  Redeemed,
  Report,
  RequestSet,
  RequestState,
  SetSubmission,
  Submission,
} from './wire.ts'

export interface ClientOptions {
  /** Where the server is, such as `https://countersign.acme.test`. */
  readonly url: string
  /** The agent's key: `csk_…`. */
  readonly key: string
  /** Instead of the global one, for a proxy or a certificate authority of your own. */
  readonly fetch?: typeof globalThis.fetch
  /** Ends everything that this client has begun. */
  readonly signal?: AbortSignal
}

/** `gated` does all of it around one function; the verbs do it step by step. */
export interface Client extends Verbs {
  /**
   * A function that runs only when its very arguments were approved, and once: asks, waits, redeems, runs, reports.
   *
   * @param describe the action from the arguments, the same for the same arguments; all that makes a difference in it
   */
  readonly gated: <A, R>(
    run: Runs<A, R>,
    describe: (args: A) => Submission | Promise<Submission>,
    options?: GatedOptionsOf<A>,
  ) => Gated<A, R>
}

/** @throws TypeError for an address or a key that cannot be one */
export function createClient({ url, key, fetch = globalThis.fetch, signal }: ClientOptions): Client {
  const now = () => performance.now()
  return clientIn({ fetch, now, random: Math.random, sleep }, { url, key, ...(signal && { signal }) })
}

/** The same in surroundings of a test's choosing. */
export function clientIn(
  surroundings: Surroundings,
  { url, key, signal }: Omit<ClientOptions, 'fetch'>,
): Client {
  const access: Access = { ...surroundings, url: addressOf(url), key: keyOf(key) }
  const begin = beginning(access, signal)
  const verbs = verbsOf(access, begin)
  return {
    ...verbs,
    gated: (run, describe, options = {}) => gate({ verbs, begin }, { run, describe, options }),
  }
}

function addressOf(url: string): string {
  const { protocol, username, password, search, hash } = new URL(url)
  if (!/^https?:$/.test(protocol) || username || password || search || hash)
    throw new TypeError('The url must be an http or https address without user name, query and fragment.')
  return url.replace(/\/+$/, '')
}

/** What could not travel in a header would otherwise look like a connection that fails again and again. */
function keyOf(key: string): string {
  if (!/^[\x21-\x7e]+$/.test(key)) throw new TypeError('The key must be visible ASCII: csk_…')
  return key
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason)
    })
  })
}
