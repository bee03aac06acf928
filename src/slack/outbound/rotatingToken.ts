import type { Logger } from 'pino'
import type { ChannelTokens, KeptTokens, NextTokens } from '../../approvals/channelTokens.ts'
import type { Health } from '../../approvals/ports.ts'
import { SealFault } from '../../approvals/sealer.ts'
import { WrongToken } from '../identity.ts'
import type { BotToken } from './botToken.ts'
import { ExchangeFault, exchangeFix } from './tokenExchange.ts'

export interface RotatingToken extends BotToken {
  /** Looks at what is kept, and gets the next pair when it is time. Rejects only when the store does. */
  look(): Promise<void>
  /** Looks again and again. Returns how to end it: a try that is under way is finished first. */
  watch(everyMs?: number): () => Promise<void>
}

export interface RotatingOptions {
  readonly tokens: ChannelTokens
  readonly exchange: (refresh: string) => Promise<NextTokens>
  /** Names this process among the replicas. */
  readonly holder: string
  readonly health: Health
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** Milliseconds: so old is what a replica knows of a pair that another one got. The pair of before works meanwhile. */
const lookEveryMs = 5_000

/**
 * Seconds before a token expires from which on the next one is got: time for somebody to act when that fails. Slack keeps two alive,
 * so more than half of twelve hours has to be over.
 */
const renewWithin = 5 * 3_600

/** Seconds between two tries. */
const tryAgainAfter = 60

/** Milliseconds that a call waits for the pair that another process gets just now, and between two looks. */
const others = { patience: 2_000, look: 200 } as const

/** The token of now, from the store, where one replica at a time gets the next one. */
export function rotatingToken(options: RotatingOptions): RotatingToken {
  const { tokens, health } = options
  const state: State = { place: null, known: null, unwritten: null, reading: null }
  const read = () => readOnce(state, options)
  const look = async () => {
    await write(state, options)
    const kept = await read()
    if (kept && isDue(kept)) await renew(state, options, kept)
  }
  return {
    look,
    current: async () => {
      if (state.unwritten) return state.unwritten.next.access
      const known = state.known ?? (await read().catch(closed))
      if (known) return known.access
      throw new WrongToken(noTokens)
    },
    async after(refused, code) {
      // What gets the next pair works once: nobody asks with it again while the answer waits to be written.
      if (state.unwritten) return state.unwritten.next.access
      const kept = await read()
      if (!kept || kept.access !== refused) return kept?.access ?? refused
      if (triedJustNow(kept) || (code !== 'token_expired' && !isDue(kept))) return refused
      if (!(await renew(state, options, kept))) await otherPair(kept, tokens)
      return (await read())?.access ?? refused
    },
    watch(everyMs = lookEveryMs) {
      let going: Promise<void> | null = null
      const lookAgain = () => {
        going ??= look()
          .catch((err: unknown) => {
            if (err instanceof SealFault) health.raise('channel_token_failing', `${err.message}.`, part)
            options.log.warn({ err }, 'could not look at the tokens of Slack; trying again')
          })
          .finally(() => {
            going = null
          })
      }
      lookAgain()
      const timer = setInterval(lookAgain, everyMs)
      timer.unref()
      return async () => {
        clearInterval(timer)
        await going
      }
    },
  }
}

const noTokens =
  'there are no tokens of Slack in the database; put the first pair in: countersign slack tokens set'

/** Waiting opens nothing. */
function closed(fault: unknown): never {
  throw fault instanceof SealFault ? new WrongToken(fault.message, { cause: fault }) : fault
}

const part = 'rotation'

interface State {
  /** Whose tokens were read first. */
  place: string | null
  known: KeptTokens | null
  /** A pair that Slack gave and the store did not take yet: it is the only one that works for ever. */
  unwritten: { readonly kept: KeptTokens; readonly next: NextTokens } | null
  reading: Promise<KeptTokens | null> | null
}

/** Those who ask at the same moment share one reading. */
function readOnce(state: State, { tokens, health }: RotatingOptions): Promise<KeptTokens | null> {
  state.reading ??= tokens
    .read()
    .then((kept) => {
      refuseOtherPlace(state, kept)
      state.known = kept
      say(kept, health)
      return kept
    })
    .finally(() => {
      state.reading = null
    })
  return state.reading
}

/** Who we are was asked once, at the start: cards and people of another workspace are none of this process's. */
function refuseOtherPlace(state: State, kept: KeptTokens | null): void {
  if (!kept) return
  state.place ??= kept.place
  if (state.place === kept.place) return
  throw new WrongToken(
    `the database has the tokens of ${kept.place} now, and this process works with ${state.place}; restart it`,
  )
}

/** Each replica says it, whichever of them has tried. */
function say(kept: KeptTokens | null, health: Health): void {
  if (!kept?.failed) return void health.clear('channel_token_failing', part)
  const fix = exchangeFix(kept.failed) ?? 'it is tried again every minute'
  const detail = `Slack gave no next token (${kept.failed}), and the one of now ${howLong(kept)}: ${fix}.`
  health.raise('channel_token_failing', detail, part)
}

/** Until when a token works. Of one that was put in, Slack has not said it yet. */
function howLong({ lifeSeconds, leftSeconds, expiresAt }: KeptTokens): string {
  if (lifeSeconds <= 0) return 'works for some hours at most'
  return leftSeconds > 0 ? `works until ${expiresAt}` : `has expired at ${expiresAt}`
}

function isDue(kept: KeptTokens): boolean {
  return !triedJustNow(kept) && kept.leftSeconds < Math.min(renewWithin, kept.lifeSeconds / 2)
}

function triedJustNow({ triedSecondsAgo: ago }: KeptTokens): boolean {
  return ago !== null && ago >= 0 && ago < tryAgainAfter
}

/** Gets the next pair, if it is this process's turn. True when there is one. */
async function renew(state: State, options: RotatingOptions, kept: KeptTokens): Promise<boolean> {
  const { tokens, exchange, holder, log } = options
  if (!(await tokens.takeTurn(kept, holder))) return false
  let next: NextTokens
  try {
    next = await exchange(kept.refresh)
  } catch (error) {
    const code = error instanceof ExchangeFault ? error.code : 'unexpected'
    log.warn({ code }, 'Slack gave no next token')
    await tokens.fail(kept, holder, code)
    await readOnce(state, options)
    return false
  }
  state.unwritten = { kept, next }
  await write(state, options)
  log.info({ lifeSeconds: next.lifeSeconds }, 'Slack gave the next token')
  await readOnce(state, options)
  return true
}

/** Until the store has it, this process alone can go on with it. */
async function write(state: State, { tokens }: RotatingOptions): Promise<void> {
  const { unwritten } = state
  if (!unwritten) return
  await tokens.replace(unwritten.kept, unwritten.next)
  state.unwritten = null
}

/** Waits a moment for the process whose turn it is. */
async function otherPair({ version }: KeptTokens, tokens: ChannelTokens): Promise<void> {
  for (let waited = 0; waited < others.patience; waited += others.look) {
    await new Promise((resolve) => setTimeout(resolve, others.look))
    if ((await tokens.read())?.version !== version) return
  }
}
