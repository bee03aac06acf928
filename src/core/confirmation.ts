import type { AccountKey, PersonId } from './identity.ts'

/** Whoever sat at a shell, as their machine names them. It is shown to people, and proves nothing. */
export interface Shell {
  readonly user: string
  readonly host: string
}

/** In which role somebody is asked: what they are when they confirm it, or will be by it. */
export type AskedAs =
  | 'agent_owner'
  | 'new_owner'
  | 'key_creator'
  | 'owner_and_creator'
  | 'account'
  | 'author'
  | 'operator'
  | 'auditor'

/** What somebody with a shell wants, and what takes effect once everybody who is asked has confirmed it. */
export type Confirmable =
  /** An agent's key works, and so does the agent, when it is its first one. */
  | {
      readonly kind: 'key'
      readonly agent: string
      readonly name: string
      readonly key: string
      /** True when the agent itself was registered with it. */
      readonly first: boolean
    }
  /** An agent has another owner: the present one parts from it. */
  | {
      readonly kind: 'owner'
      readonly agent: string
      readonly name: string
      readonly from: PersonId
      readonly to: PersonId
      /** Who ran the command, by what it said. */
      readonly by: PersonId
    }
  /** Two accounts are one person's for more than separation and quorum, for which they are already. */
  | { readonly kind: 'link'; readonly from: PersonId; readonly to: PersonId }
  /** A change of the policy is put before those whom the active policy wants to be asked. */
  | {
      readonly kind: 'policy'
      readonly author: PersonId
      /** Digests over all files: of the bundle that was proposed, and of the active one that it was compared with. */
      readonly files: string
      readonly base: string
      /** Of the bundle, and its name: what the command prints of it. */
      readonly digest: string
      readonly name: string
      readonly reason: string | null
    }
  /** Parting accounts is put before those whom the active policy wants to be asked. */
  | {
      readonly kind: 'unlink'
      readonly author: PersonId
      readonly account: AccountKey
      /** The account's name, for showing. */
      readonly name: string
      readonly reason: string | null
    }
  /** Resuming a stop is put before those whom the active policy wants to be asked. */
  | {
      readonly kind: 'resume'
      readonly author: PersonId
      readonly stop: string
      /** What is stopped, in words. */
      readonly name: string
      readonly reason: string | null
    }
  /** Erasing something from the record is put before those whom the active policy wants to be asked. */
  | {
      readonly kind: 'erase'
      readonly author: PersonId
      readonly what: 'request' | 'person'
      /** Of that request or person. */
      readonly id: string
      readonly reason: string
      readonly updateCards: boolean
    }
  /** A key for scripts acts as its person. */
  | {
      readonly kind: 'operator_key'
      readonly person: PersonId
      readonly key: string
      readonly endsAt: string
    }
  /** A key reads the ledger as its person; the one that it follows ends. */
  | {
      readonly kind: 'auditor_key'
      readonly person: PersonId
      readonly key: string
      readonly endsAt: string
    }

/** One of those who are asked, at the account that was named, and what they have answered. */
export interface Asked {
  readonly person: PersonId
  /** Only this account answers: another one of theirs may be theirs by a claim alone. */
  readonly account: AccountKey
  /** As it was when they were asked, for showing. */
  readonly name: string
  readonly as: AskedAs
  readonly answer: 'confirmed' | 'disowned' | null
  /** The message with the buttons, in the channel's own words, once posted. */
  readonly message: string | null
  /** Present where they do not confirm it by a button: the message has a code, which has to be entered from the account that asked. */
  readonly code?: AskedCode
}

/** Which code it is, nobody keeps. */
export interface AskedCode {
  /** RFC 3339: it does nothing from then on. */
  readonly until: string
  /** How often a wrong one was entered. */
  readonly wrong: number
}

/**
 * Something that was claimed in people's names. `waiting` until everybody has confirmed it, one of them has said that it
 * was not them, its time is over, or what it was about is gone (`dropped`).
 */
export interface Confirmation {
  readonly id: string
  readonly version: number
  readonly what: Confirmable
  readonly asked: readonly Asked[]
  readonly shell: Shell
  /** Through what the command came: `cli`, `startup`; or the channel in which somebody gave away what is theirs. */
  readonly via: string
  readonly state: 'waiting' | 'confirmed' | 'disowned' | 'lapsed' | 'dropped'
  readonly createdAt: string
  readonly until: string
}

/** What a confirmation is looked up by: the agent, the person who stays, or the author. */
export function subjectOf(what: Confirmable): string {
  if (what.kind === 'key' || what.kind === 'owner') return what.agent
  if (what.kind === 'link') return what.to
  return what.kind === 'operator_key' || what.kind === 'auditor_key' ? what.person : what.author
}

/** Whether somebody gives away or joins what is theirs, in a channel that knows them; everything else was typed at a shell. */
export function isGivenInPerson({ via, what, asked }: Confirmation): boolean {
  if (asked.some(({ code }) => code)) return true
  const isTheirs = asked.some(({ as, answer }) => as === 'agent_owner' && answer === 'confirmed')
  return what.kind === 'owner' && isTheirs && !['cli', 'startup'].includes(via)
}

/** Those who have not confirmed it. */
export function unanswered({ asked }: Pick<Confirmation, 'asked'>): readonly Asked[] {
  return asked.filter(({ answer }) => answer !== 'confirmed')
}

/**
 * A confirmation that has ended without who these people were, and without what they gave as a reason. Whose shell it was is not known, so it
 * goes, too; its entries keep it.
 */
export function withoutNamesOf(
  confirmation: Confirmation,
  isTheirs: (person: PersonId) => boolean,
): Confirmation {
  const { what, asked, version } = confirmation
  return {
    ...confirmation,
    version: version + 1,
    what: 'author' in what && isTheirs(what.author) ? withoutWords(what) : what,
    asked: asked.map((one) => (isTheirs(one.person) ? { ...one, name: erasedName } : one)),
    shell: { user: erasedName, host: erasedName },
  }
}

const erasedName = 'Erased'

function withoutWords(what: Extract<Confirmable, { readonly author: PersonId }>): Confirmable {
  if (what.kind === 'erase') return { ...what, reason: erasedName }
  return what.kind === 'unlink' ? { ...what, name: erasedName, reason: null } : { ...what, reason: null }
}
