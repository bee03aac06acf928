import type { Confirmation } from '../core/confirmation.ts'
import type { Digest } from '../core/digest.ts'
import type { ConditionCode } from '../core/health.ts'
import type { Account, AccountKey, PersonId } from '../core/identity.ts'
import type { ActionRequest } from '../core/request.ts'
import type { Source } from '../core/requirement.ts'
import type { Untouched } from '../core/rollback.ts'
import type { Entry } from '../ledger/entry.ts'
import type { Bundle } from '../policy/bundle.ts'
import type { CardLineReader } from './cards/cardLineReader.ts'
import type { MentionReader } from './cards/mentionReader.ts'
import type { Change, Committed } from './change.ts'
import type { CrowdReader } from './crowds/records.ts'
import type { DelegationReader } from './delegations/records.ts'
import type { ErasableReader } from './erasure/records.ts'
import type { Resource, SigningKey } from './grants/records.ts'
import type { Signer } from './grants/signer.ts'
import type { Ids } from './ids.ts'
import type { KeyOfAgent, KnownDelegations, KnownStops, Registry, WhoIsWho } from './known.ts'
import type { CredentialIssuer, DescribedTarget } from './leases/issuer.ts'
import type { Lease } from './leases/records.ts'
import type { NewsJob } from './news/records.ts'
import type { KnownOnCall, OnCallLinkReader } from './onCall.ts'
import type { OwnRequestQuery, OwnRequests } from './ownRequests.ts'
import type { PersonKeyReader } from './people/personKeyReader.ts'
import type { IdentityProviders } from './people/signIn.ts'
import type { PolicyReader } from './policy/policyReader.ts'
import type { Replicas } from './policy/replicas.ts'
import type { Previewer } from './previews/previewer.ts'
import type {
  AskedBeforeQuery,
  Asking,
  AskingQuery,
  BudgetNumbers,
  BudgetQuery,
  ConcernedQuery,
  FoundAsked,
  FoundRead,
  HistoryQuery,
  LeaseQuery,
  Page,
  PastRequest,
  PlacedRequest,
  Places,
  ReadsQuery,
  RequestQuery,
  SessionQuery,
  ToldRequest,
} from './queries.ts'
import type { Agent, AgentKey, Card, CoolDown, LinkedAccount } from './records.ts'
import type { Sealer } from './sealer.ts'
import type { ShadowReader, ShadowStore } from './shadow/shadowStore.ts'
import type { StatementReader } from './statementReader.ts'
import type { StandingStops, Stop } from './stops/records.ts'
import type { Outgoing } from './webhooks/outgoing.ts'
import type { WebhookReader } from './webhooks/webhookReader.ts'
import type { WorkingMemory } from './workingMemory.ts'

/**
 * What a watcher is called with: of a request, the version that it has by now, or 0 where something was recorded about it and the request
 * itself is as it was; nothing where there is no version, or where something may have been missed.
 */
export type Wake = (version?: number) => void

/**
 * Where everything lives, for those who only look. Reads see every commit that resolved before they began, from any
 * replica. Watchers are told after the commit, on every replica, at most once per change and possibly not at all after a
 * lost connection: they wake, they do not inform, so whoever waits must also look from time to time. Every method rejects
 * with `StoreUnavailable` when the database is the reason; anything else that it rejects with is a bug.
 */
export interface StoreReader
  extends WhoIsWho,
    ErasableReader,
    ShadowReader,
    OnCallLinkReader,
    DelegationReader,
    CrowdReader,
    PersonKeyReader,
    PolicyReader,
    WebhookReader,
    CardLineReader,
    MentionReader,
    Pick<Replicas, 'replicas'> {
  request(id: string): Promise<ActionRequest | null>
  requestByKey(agent: string, idempotencyKey: string): Promise<ActionRequest | null>
  requests(query: RequestQuery): Promise<readonly ActionRequest[]>
  /** The newest of now, at most `limit`, oldest first, a page at a time: what is asked meanwhile is not among them. */
  pastRequests(limit: number): AsyncIterable<readonly PastRequest[]>
  /**
   * Approved requests that may have something to take back: people were asked about them, or they have a grant. A page, newest first.
   * What policy allowed and nobody granted is not among them, however much of it there is.
   */
  revocable(query: ConcernedQuery): Promise<readonly ActionRequest[]>
  /** What waits for people; a page, newest first. */
  waiting(query: ConcernedQuery): Promise<readonly ActionRequest[]>
  requestsOfAgent(query: OwnRequestQuery): Promise<OwnRequests>
  /** Whether somebody may read each of them is not judged here. */
  history(query: HistoryQuery): Promise<OwnRequests>
  /** Those of these ids that there are, in the order of their ids. */
  requestsOf(ids: readonly string[]): Promise<readonly ActionRequest[]>
  /** Rollbacks of these requests, in the order of their ids. */
  rollbacksOf(ids: readonly string[]): Promise<readonly ActionRequest[]>
  /** Requests that have begun to change the resource since the first did, other than what undoes that; the earliest ten. */
  begunSince(untouched: Untouched): Promise<readonly string[]>
  /**
   * Reads of an agent that were let through and may have happened since a moment, newest first. Some that happened before it may be
   * among them, none that happened after it is missing.
   */
  earlierReads(query: ReadsQuery): Promise<readonly FoundRead[]>
  /** Whether one of the newest five thousand requests of an agent was made by a moment and names the session. */
  hadSession(query: SessionQuery): Promise<boolean>
  /** What an agent asked people about since a moment, newest first. What is longer than is compared comes without its action. */
  askedBefore(query: AskedBeforeQuery): Promise<readonly FoundAsked[]>
  /** Requests that one of these people is behind, in any role, newest first. */
  requestsBehind(
    people: readonly PersonId[],
    page: Pick<RequestQuery, 'limit' | 'before'>,
  ): Promise<readonly ActionRequest[]>
  /** What says whom they ask of all that wait for people, newest first. */
  asking(query: AskingQuery): Promise<readonly Asking[]>
  entries(request: string): Promise<readonly Entry[]>
  /** The entries that say who was alarmed because of attempts, of all these requests. */
  attemptAlarms(requests: readonly string[]): Promise<readonly Entry[]>
  /** A request with its agent, its cards and its entries, those of its rollbacks, and those of what its card shows with it, all as of one moment. */
  toldRequest(id: string): Promise<ToldRequest | null>
  /** At most `limit` of them that stand after a position of the ledger, in order. A later entry has a higher position, on every replica. */
  entriesAfter(
    request: string,
    from: { readonly position: number; readonly limit: number },
  ): Promise<readonly { readonly position: number; readonly entry: Entry }[]>
  /** The index of each of these entries that has one; null before the ledger has begun. */
  placesOf(entries: readonly string[]): Promise<Places | null>
  /** A request with its place in the ledger, as of one moment and for no more statements than the request alone. */
  placedRequest(id: string): Promise<PlacedRequest | null>
  /** Attempts of people that were refused since a moment (RFC 3339), whatever the request, oldest first. */
  refusals(since: string): Promise<readonly Entry[]>
  /** How many reports there were, by agent, of something that was not done as approved; agents without any are left out. */
  deviations(): Promise<ReadonlyMap<string, number>>
  cards(request: string): Promise<readonly Card[]>
  card(id: string): Promise<Card | null>
  /** The card that stands at a message, whatever its status. */
  cardAt(conversation: string, message: string): Promise<Card | null>
  agent(idOrName: string): Promise<Agent | null>
  agents(): Promise<readonly Agent[]>
  /** Those whose owner is named by one of these ids, whatever their status, by name. */
  agentsOf(owners: readonly PersonId[]): Promise<readonly Agent[]>
  /** A key with its agent, whatever their status. */
  key(id: string): Promise<KeyOfAgent | null>
  keysOf(agent: string): Promise<readonly AgentKey[]>
  account(key: AccountKey): Promise<LinkedAccount | null>
  /**
   * All rows of these people, of those for whom they stand by now, and of whoever has these accounts, as of one moment, in the order of
   * their ids. Who stands for nobody else has no row that says so.
   */
  accountsAround(
    people: readonly PersonId[],
    accounts: readonly AccountKey[],
  ): Promise<readonly LinkedAccount[]>
  /** What budgets have counted, in the order of what is asked, all as of one moment. */
  budgetNumbers(asked: readonly BudgetQuery[]): Promise<readonly BudgetNumbers[]>
  /** The newest denial by a person of this action of this agent, however old. */
  coolDown(agent: string, digest: Digest): Promise<CoolDown | null>
  confirmation(id: string): Promise<Confirmation | null>
  /** What was asked about one subject (`subjectOf`), newest first, at most a hundred. */
  confirmationsAbout(subject: string): Promise<readonly Confirmation[]>
  /** Ids of those that have ended and name one of these people. */
  endedConfirmationsOf(people: readonly PersonId[]): Promise<readonly string[]>
  /** All that are kept, in the order in which they were made. */
  signingKeys(): Promise<readonly SigningKey[]>
  resource(idOrName: string): Promise<Resource | null>
  resources(): Promise<readonly Resource[]>
  stop(id: string): Promise<Stop | null>
  standingStops(): Promise<StandingStops>
  /** Stops, whether they hold or not; a page, newest first. */
  stops(page: Page): Promise<readonly Stop[]>
  lease(id: string): Promise<Lease | null>
  /** A page, newest first. */
  leases(query: LeaseQuery): Promise<readonly Lease[]>
  /** What waits to be told to a person, whether its time has come or not, in the order in which it was put down. */
  waitingNews(person: PersonId): Promise<readonly NewsJob[]>
  /** Calls back whenever the topic changed: the id of a request or a confirmation, `policy`, `registry`, `stops`, `delegations`, `shadow`, `webhooks` or `signing-keys`. Returns how to stop. */
  watch(topic: string, wake: Wake): () => void
  /** Calls back with every topic that changed, also `settled-at-once` for requests that nobody has to decide; with null where something may have been missed. */
  watchEvery(wake: (topic: string | null) => void): () => void
}

/**
 * Where everything lives. `commit` is the only way to write what is decided and recorded. It is atomic and durable once
 * it resolves: of any number of concurrent changes with the same expected version at most one is applied, a rejected
 * promise means that the outcome is not known (the caller reads again before it says anything), and an entry that cannot
 * be written prevents the change: it rejects with the refusal `entry_unwritable`, and nothing was written. Otherwise it
 * rejects as reading does.
 */
export interface Store extends StoreReader, Replicas, ShadowStore, WorkingMemory {
  commit(change: Change): Promise<Committed>
}

/**
 * Who exists and who belongs where, freshly: an answer may be cached for the seconds the implementation states, no
 * longer. Every method throws `DirectoryFault` when it cannot know; an account or group that does not exist is a
 * fault too, except for `find`, which answers with all matches, also none.
 */
export interface Directory {
  /** Accounts by address (`slack:U012AB3CD`) or by account key. */
  account(address: string): Promise<Account>
  /**
   * Addresses of the accounts in a set, for `account`. Nobody of them was looked up: one may turn out to be deactivated,
   * or unknown. A disabled or empty set is nobody.
   */
  members(source: Source): Promise<readonly string[]>
  /** Whether an account is in a set, without looking up anybody else in it. Nobody is in a disabled or empty set, or in one of another directory. */
  isMember(source: Source, account: AccountKey): Promise<boolean>
  /** Whether two addresses or keys are of different directories (`people/membership.ts`). Left out where there is only one. */
  readonly apart?: (one: string, other: string) => boolean
  /** Active accounts that match a claim. */
  find(claim: { readonly email: string } | { readonly address: string }): Promise<readonly Account[]>
}

/** The directory could not answer. The message is for the log. */
export class DirectoryFault extends Error {
  override readonly name = 'DirectoryFault'
}

/** The directory did answer: it knows nobody of that address. Whoever counts people may take that as nobody. */
export class NobodyThere extends DirectoryFault {}

/**
 * Where the parts that live long say what is wrong with them, until it is over. `part` names who says so, where several
 * may say the same: what one of them raised only it can clear. Raising again what is raised already only renews the detail.
 */
export interface Health {
  raise(code: ConditionCode, detail: string, part?: string): void
  clear(code: ConditionCode, part?: string): void
}

/** The time by which everything is judged: the database's, so that replicas agree. */
export type Clock = () => Date

/** What those work with who only look: nothing in it writes. */
export interface ReadPorts {
  /** Where credentials are issued, as the operator has configured it; none where nothing is. */
  readonly targets: readonly DescribedTarget[]
  readonly store: StoreReader
  readonly registry: Registry
  readonly stops: KnownStops
  readonly directory: Directory
  /** Whoever of a group is on call; `directory` answers by it. */
  readonly onCall: KnownOnCall
  /** Who is away, and who is told in their place. */
  readonly delegations: KnownDelegations
  /** The active bundle as far as this process knows, or null when there is none: then everything is denied. */
  readonly policy: () => Bundle | null
  readonly clock: Clock
  /** Id of this installation: `ws` of every entry. */
  readonly workspace: string
  /**
   * Whether any channel reaches people now. False before a channel has answered for the first time, and while it refuses
   * us for good; a call that failed, or took too long, changes nothing (threats: nobody-reachable).
   */
  readonly reachesPeople: () => boolean
  /** Whether a conversation is of a channel that this house has. */
  readonly hasConversation: (address: string) => boolean
  /** Who we are for those who verify our grants, and by which keys. */
  readonly signer: Pick<Signer, 'issuer' | 'jwks'>
}

/** What the verbs work with. */
export interface Ports extends ReadPorts {
  readonly store: Store
  /** Looks which bundle is active, now. @throws when that cannot be read */
  readonly renewPolicy: () => Promise<void>
  readonly ids: Ids
  readonly signer: Signer
  readonly sealer: Sealer
  /** The same targets, to issue and to end. */
  readonly targets: readonly CredentialIssuer[]
  /** Reads what only a parser beside us can. */
  readonly statements: StatementReader
  /** Targets that say what an action would touch, before people are asked; none where nothing is configured. */
  readonly previewers: readonly Previewer[]
  /** Days after which the key that signs grants is followed by the next one. */
  readonly keyDays: number
  /** Days for which a message that was delivered is kept; one that was given up is kept longer (`prune.ts`). */
  readonly deliveryDays: number
  /** Days for which names of what took effect, and denials that count no more, are remembered. */
  readonly pruneDays: number
  /** Days for which what requests asked and what was said about them is kept, from their end on; null: for good. */
  readonly retentionDays: number | null
  /** Whose ID tokens are believed. */
  readonly identityProviders: IdentityProviders
  /** The way to addresses that agents and operators name. */
  readonly outgoing: Outgoing
  /**
   * Whether people are asked in their channel to confirm what is claimed in their names. Where there is no channel, it
   * takes effect as claimed (threats: claimed-administrator).
   */
  readonly confirms: boolean
}
