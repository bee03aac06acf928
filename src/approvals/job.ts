import type { AccountChange } from '../card/accountChange.ts'
import type { AlarmCause } from '../card/alarm.ts'
import type { AccountKey } from '../core/identity.ts'
import type { StopScope } from '../core/stop.ts'
import type { CrowdJob } from './crowds/job.ts'
import type { DelegationNews } from './delegations/news.ts'
import type { WhyEnded } from './leases/records.ts'
import type { NewsJob, TroubleJob } from './news/records.ts'
import type { Ending, PersonCommand } from './personCommand.ts'

/** Work to be done later, durably. A job with the same key replaces the one that waits. */
export type Job =
  | TalkingJob
  | ConfirmationJob
  /** Somebody is told directly what has become of what an agent asked for them, or of an agent of theirs. */
  | NewsJob
  | TroubleJob
  | CrowdJob
  /** Somebody is told of a personal token of theirs. */
  | ({ readonly task: 'token' } & TokenNews)
  /** One of the two people of a delegation is told what has become of it. */
  | ({ readonly task: 'delegation' } & DelegationNews)
  /** The keys that grants are signed with are looked after. */
  | { readonly task: 'keys'; readonly round: 0 | 1; readonly at: string }
  /** The next attempt to send a webhook; `nth` counts from 0. `queue`: what is done one after the other (`deliverJob`). */
  | {
      readonly task: 'deliver'
      readonly delivery: string
      readonly nth: number
      readonly queue: string
      readonly at?: string
    }
  /** The owner of its agent is told that a key is about to expire, or has. */
  | { readonly task: 'keyEnd'; readonly key: string; readonly stage: 'soon' | 'over'; readonly at: string }
  /** Messages that ended long ago are removed. */
  | { readonly task: 'prune'; readonly at?: string }
  /** What is older than the operator keeps it is emptied; `after` is the request after which a look goes on. */
  | { readonly task: 'retain'; readonly after?: string; readonly at?: string }
  /** What a new request would touch is asked for, before its first card goes out. `queue`: as above (`firstCardJobs`). */
  | { readonly task: 'preview'; readonly request: string; readonly queue: string }
  | HoldJob
  | { readonly task: 'expire'; readonly request: string; readonly at: string }
  | { readonly task: 'escalate'; readonly request: string; readonly nth: number; readonly at: string }
  | { readonly task: 'review'; readonly request: string; readonly at: string }
  /** Somebody behind the action tried to let it through: was that once too often? */
  | { readonly task: 'attempts'; readonly request: string }
  /** Whether its claims take too many people from it could not be known when it was asked. */
  | { readonly task: 'claims'; readonly request: string }
  /** The agent that asked was revoked. */
  | { readonly task: 'cancel'; readonly request: string }
  /** A policy that people have approved becomes the active one. */
  | { readonly task: 'activate'; readonly request: string }
  /** A bundle that judges beside the active one: its time is over; `early`: another became active, perhaps the same. */
  | { readonly task: 'endShadow'; readonly shadow: string; readonly early?: true; readonly at?: string }
  /** Accounts that people have agreed to part are parted. */
  | { readonly task: 'part'; readonly request: string }
  /** A credential: its time is over, or `why` it is ended before that. */
  | { readonly task: 'endLease'; readonly lease: string; readonly why?: WhyEnded; readonly at?: string }
  /** All credentials of what a stop covers, or of a revoked agent, are ended. */
  | ({ readonly task: 'endLeases' } & CoveredLeases)
  /** Whether anything is out at a target that nobody looks after. */
  | { readonly task: 'sweepTargets'; readonly at?: string }
  /** What people approved is not used in time. */
  | { readonly task: 'unredeemed'; readonly request: string; readonly at: string }
  /** Nobody says how what was redeemed ended. */
  | { readonly task: 'unreported'; readonly request: string; readonly at: string }
  /** A stop that people have agreed to resume holds no longer. */
  | { readonly task: 'resume'; readonly request: string }
  /** What people have agreed to erase is erased. */
  | { readonly task: 'erase'; readonly request: string }
  /** Accounts of people whom we know are looked at, a few at a time. */
  | { readonly task: 'lookAtAccounts'; readonly at?: string }
  /** One address hears that an account is not as it was. */
  | ({ readonly task: 'accountAlarm' } & AccountNews)
  /** What a person commanded, and could not be done before their channel wanted an acknowledgement. */
  | { readonly task: 'command'; readonly request: string; readonly command: PersonCommand }

/** What a stop holds is told, or taken back, page by page; `before` is where the page begins. */
export interface HoldJob {
  readonly task: 'hold'
  readonly stop: string
  readonly part: 'pending' | 'approved'
  readonly before?: string
}

/** What has become of a personal token, when (RFC 3339), and the request that it was used for. */
export interface TokenNews {
  readonly token: string
  readonly why: 'issued' | 'used' | 'revoked'
  readonly since: string
  readonly request?: string
}

/** What was found about an account, when (RFC 3339), and who is told. */
export interface AccountNews {
  readonly account: AccountKey
  readonly what: AccountChange
  /** The account that has the same address, or that the directory gave in its place. */
  readonly other: AccountKey | null
  readonly since: string
  readonly address: string
}

export interface CoveredLeases {
  readonly scope: StopScope
  readonly why: WhyEnded
  /** Those before this one, newest first. */
  readonly before?: string
}

/** What is done about a claim that people are asked to confirm. */
type ConfirmationJob =
  /** Shows everybody who is asked how it stands. */
  | { readonly task: 'confirm'; readonly confirmation: string }
  /** Its time is over. */
  | { readonly task: 'lapse'; readonly confirmation: string; readonly at: string }
  /** Somebody said that it was not them: those who have to know are told, each by a job of their own. */
  | { readonly task: 'disowned'; readonly confirmation: string; readonly address?: string }
  /** What was confirmed is put before those whom policy wants to be asked. */
  | { readonly task: 'propose'; readonly confirmation: string }

/** What talks to a channel, which can refuse: then the same job waits again, and remembers in `tries` what it met. */
export type TalkingJob =
  /** `own`: somebody wants a card of its own for it, however many others wait there. */
  | ({ readonly task: 'announce'; readonly request: string; readonly own?: true } & Retried)
  /** `anew`: what its cards show besides the request has changed, so that they are drawn whatever the record says. */
  | ({ readonly task: 'refresh'; readonly request: string; readonly anew?: true } & Retried)
  | ({ readonly task: 'remind'; readonly request: string; readonly nth: number } & Retried & Timed)
  | ({ readonly task: 'alarm'; readonly request: string; readonly why: AlarmCause } & Retried)
  | ({ readonly task: 'correct'; readonly request: string } & MessageAt & Retried)
  /** The person on whose behalf the agent asks is asked a question, which is a note of the request. */
  | ({ readonly task: 'question'; readonly request: string; readonly note: string } & Retried)
  /** Whoever did something that was queued hears how it ended. `delivery` names what they did. */
  | ({ readonly task: 'answer'; readonly request: string } & Answering & Retried)

/** One message of ours, named as a card names its own. */
export interface MessageAt {
  readonly conversation: string
  readonly message: string
}

/** Who is told how what ended. */
export interface Answering {
  readonly to: AccountKey
  readonly delivery: string
  readonly ending: Ending
}

interface Timed {
  readonly at: string
}

interface Retried extends Partial<Timed> {
  readonly tries?: Tries
  /** How often this job has waited again; none the first time. */
  readonly round?: number
}

/** By address: what earlier tries met there. */
export type Tries = Readonly<Record<string, Tried>>

export interface Tried {
  /** Every try that did not get through, also one that only came before its turn. */
  readonly times: number
  /** How often the address refused, or did not answer. */
  readonly failures: number
  /** The last try has shown what the record says; only lines under the card are missing. */
  readonly untold?: true
  /** The card that is written down for it and certainly never went out, so that the next try may use it again. */
  readonly unsent?: string
}

/** What a commit tells of the jobs of a task that are due with it, and how many there are (`countersign_commit`). */
export function dueTopic(task: string): string {
  return `due ${task}`
}

/** The command as the job that does it later. */
export function commandJob(command: PersonCommand): Job {
  return { task: 'command', request: command.attempt.request, command }
}

/**
 * The job key under which a job waits, so that settling a request can drop it. One that tries again has a key of its
 * own: it must neither push back what was asked for anew meanwhile, nor be pushed back by it. Two of them take turns,
 * because the queue keeps one row for a key: a job whose worker was given up while it ran is taken over, and when the
 * first run ends all the same it deletes its row by its number. A next try in that row would be deleted with it.
 */
export function jobKey(job: Job): string {
  if (!('tries' in job) || !job.tries) return firstKey(job)
  return againKeys(job)[(job.round ?? 0) % 2] ?? firstKey(job)
}

/** Every key under which a job may wait for its next try. */
export function againKeys(job: Job): readonly [string, string] {
  return [`${firstKey(job)}:again`, `${firstKey(job)}:again:odd`]
}

function firstKey(job: Job): string {
  if (job.task === 'remind' || job.task === 'escalate') return `${job.task}:${job.request}:${job.nth}`
  if (job.task === 'deliver') return `deliver:${job.delivery}:${job.nth}`
  if (job.task === 'hold') return `hold:${job.stop}:${job.part}:${job.before ?? ''}`
  if (job.task === 'command') return `command:${job.command.attempt.delivery}`
  if (job.task === 'refresh') return `refresh:${job.request}${job.anew ? ':anew' : ''}`
  if (job.task === 'alarm') return `alarm:${job.request}:${job.why}`
  if (job.task === 'question') return `question:${job.note}`
  if (job.task === 'answer') return `answer:${job.delivery}`
  if (job.task === 'disowned') return `disowned:${job.confirmation}:${job.address ?? ''}`
  if (job.task === 'token') return `token:${job.token}:${job.why}`
  if (job.task === 'accountAlarm')
    return `accountAlarm:${job.account}:${job.what}:${job.other ?? ''}:${job.since}:${job.address}`
  if (job.task === 'lookAtAccounts') return job.task
  if (job.task === 'delegation') return `delegation:${job.delegation}:${job.why}`
  if (job.task === 'keyEnd') return `keyEnd:${job.key}:${job.stage}`
  if (job.task === 'news') return newsKey(job)
  if (job.task === 'crowd') return `crowd:${job.conversation}:${job.at}`
  if (job.task === 'strayCrowd') return `strayCrowd:${job.conversation}:${job.message}`
  if (job.task === 'trouble') return `trouble:${job.agent}:${job.trouble}:${job.slot}`
  if (job.task === 'keys') return `keys:${job.round}`
  if ('confirmation' in job) return `${job.task}:${job.confirmation}`
  // However often a message is clicked, it is corrected once.
  if (job.task === 'correct') return `correct:${job.request}:${job.conversation}:${job.message}`
  // What ends one early must not be pushed back by what ends it in time.
  if (job.task === 'endLease') return `endLease:${job.lease}${job.why === undefined ? '' : ':early'}`
  if (job.task === 'endShadow') return `endShadow:${job.shadow}${job.early ? ':early' : ''}`
  if (job.task === 'sweepTargets' || job.task === 'prune' || job.task === 'retain') return job.task
  if (job.task === 'endLeases') return `endLeases:${job.why}:${JSON.stringify(job.scope)}:${job.before ?? ''}`
  return `${job.task}:${job.request}`
}

/** What is told of a request is told for each of its versions: one that moves on while it is told is told again. */
function newsKey({ person, about }: NewsJob): string {
  const what = 'request' in about ? [about.request, about.version] : [about.agent, about.trouble, about.hour]
  return ['news', person, ...what].join(':')
}

const cardTasks: readonly Job['task'][] = ['announce', 'refresh', 'remind', 'correct']

/**
 * The request whose cards a job changes, or null: such jobs are done one after the other, so that its cards change in
 * order. What decides, expires, escalates or sounds an alarm never waits behind a card.
 */
export function cardsChangedBy(job: Job): string | null {
  return cardTasks.includes(job.task) && 'request' in job ? job.request : null
}
