import {
  type Asked,
  type AskedCode,
  type Confirmable,
  type Confirmation,
  isGivenInPerson,
  unanswered,
} from '../core/confirmation.ts'
import type { Passage } from './passage.ts'
import { listed, nothing, onDay, ours, outside, say, strong, type Text, warning } from './span.ts'
import { cut, prose } from './text.ts'

/** What is asked of one person about a claim in their name, and what has become of it. */
export interface ConfirmationContent {
  readonly title: string
  readonly passages: readonly Passage[]
  /** False when nothing can be answered any more. */
  readonly asks: boolean
  /** Present where a code confirms it, and no button: it can only be said that it was not them. */
  readonly byCode?: true
  /** For what shows no more than a line. */
  readonly notification: string
}

/** Names, of people and of what was claimed, are cut at so many characters. */
const longest = 80

/**
 * The message is theirs alone: what somebody with a shell wants them to be behind, what that machine says of the shell,
 * and what happens either way (threats: claimed-administrator).
 */
export function confirmationContent(
  mine: Asked,
  confirmation: Confirmation,
  code: string | null = null,
): ConfirmationContent {
  const { what, until } = confirmation
  const asks = confirmation.state === 'waiting' && mine.answer === null
  const title = asks ? 'Confirm that this is yours' : 'You were asked to confirm this'
  const passages: Passage[] = [
    ...source(confirmation, wanted(what, mine)),
    ...('reason' in what && what.reason ? [{ quote: prose(what.reason, 1_000) }] : []),
    ...(asks ? [{ line: meaning(what, mine) }] : []),
    ...(code && mine.code ? entering(code, mine.code) : []),
    ...others(mine, confirmation),
    asks
      ? { note: say`${ours(otherwise[what.kind])} You can answer until ${onDay(until)}.` }
      : { line: ending(mine, confirmation) },
    { note: references(confirmation) },
  ]
  return {
    title,
    passages,
    asks,
    ...(mine.code && { byCode: true as const }),
    notification: `${title}: ${kinds[what.kind]}, ${by(confirmation)}.`,
  }
}

function by(confirmation: Confirmation): string {
  if (!isGivenInPerson(confirmation)) return 'claimed in your name from a shell'
  return confirmation.what.kind === 'link' ? 'asked for by the other account' : 'asked for by its owner'
}

/** Whoever has both accounts carries it over; nobody else has a use for it. */
function entering(code: string, { until }: AskedCode): readonly Passage[] {
  return [
    { line: say`If both accounts are yours, type this in the other one, until ${onDay(until)}:` },
    { lines: [`/approvals link code ${code}`] },
    { note: say`It works once. Give it to nobody: whoever asks you for it wants to be you.` },
  ]
}

/** Who wants it, and how far that is known. */
function source(confirmation: Confirmation, wants: Text): readonly Passage[] {
  const { shell, createdAt, asked } = confirmation
  const owner = asked.find(({ as }) => as === 'agent_owner')
  const other = asked.find(({ code }) => !code)
  if (confirmation.what.kind === 'link' && isGivenInPerson(confirmation) && other)
    return [
      {
        line: say`${wants} ${strong`${outside(other.name, longest)}`}, the other account, asked for that, ${onDay(createdAt)}.`,
      },
    ]
  if (isGivenInPerson(confirmation) && owner)
    return [
      {
        line: say`${wants} ${strong`${outside(owner.name, longest)}`}, its owner, asked for that, ${onDay(createdAt)}.`,
      },
    ]
  const who = say`${outside(shell.user, longest)} on ${outside(shell.host, longest)}`
  const from = confirmation.via === 'startup' ? 'A start of the server says so, by' : 'That was typed by'
  return [
    { line: say`${wants} ${ours(from)} ${strong`${who}`}, ${onDay(createdAt)}.` },
    { note: say`Who that is, only the machine says; nobody has checked it.` },
  ]
}

/** What an alarm says when somebody pressed “This was not me”. `names` are of those who did. */
export function disownedContent(confirmation: Confirmation): ConfirmationContent {
  const { what, shell, asked, createdAt } = confirmation
  const names = asked
    .filter(({ answer }) => answer === 'disowned')
    .map(({ name }) => [outside(name, longest)])
  const title = 'Somebody acted in another’s name'
  return {
    title,
    asks: false,
    passages: [
      {
        line: say`${warning} ${listed(names)} was asked to confirm this, and says that it was not them: ${about(what)}.`,
      },
      isGivenInPerson(confirmation)
        ? {
            line: say`${ours(what.kind === 'link' ? 'The other account' : 'Its owner')} asked for that, ${onDay(createdAt)}, under their own name.`,
          }
        : {
            line: say`It was typed by ${strong`${outside(shell.user, longest)} on ${outside(shell.host, longest)}`}, ${onDay(createdAt)}. Who that is, only the machine says. Find out who has a shell there.`,
          },
      { note: [ours(aftermath[what.kind])] },
      { note: references(confirmation) },
    ],
    notification: `${title}: ${kinds[what.kind]}.`,
  }
}

/** What the command printed of it, so that the two can be held against each other. */
function references({ id, what }: Confirmation): Text {
  return what.kind === 'key' || what.kind === 'operator_key' || what.kind === 'auditor_key'
    ? say`${ours(id)} · ${ours(what.key)}`
    : [ours(id)]
}

/** `starter@4181cb8f70ed`, as commands print it. */
function bundleOf({ name, digest }: Extract<Confirmable, { kind: 'policy' }>): string {
  return `${cut(name, longest - 13)}@${digest.replace(/^sha256:/, '').slice(0, 12)}`
}

function wanted(what: Confirmable, mine: Asked): Text {
  switch (what.kind) {
    case 'key':
      return mine.as === 'key_creator'
        ? say`You are to be the maker of a key for the agent ${strong`${outside(what.name, longest)}`}.`
        : what.first
          ? say`You are to be the owner of a new agent, ${strong`${outside(what.name, longest)}`}.`
          : say`Your agent ${strong`${outside(what.name, longest)}`} is to have a new key.`
    case 'owner':
      return mine.as === 'new_owner'
        ? say`You are to be the owner of the agent ${strong`${outside(what.name, longest)}`}, which is somebody else’s now.`
        : say`Your agent ${strong`${outside(what.name, longest)}`} is to have another owner.`
    case 'link':
      return say`Two accounts are to be one person, you: this one and another.`
    case 'policy':
      return say`You are to be the author of a change of the policy, ${strong`${outside(bundleOf(what), longest)}`}.`
    case 'unlink':
      return say`You are to ask that the account ${strong`${outside(what.name, longest)}`} be parted from the person it was joined to.`
    case 'resume':
      return say`You are to ask that what was stopped be resumed: ${strong`${outside(what.name, longest)}`}.`
    case 'erase':
      return say`You are to ask that ${erased[what.what]} be erased from the record: ${strong`${outside(what.id, longest)}`}.`
    case 'operator_key':
      return say`A key is to act as you, for your own agents and their keys, until ${onDay(what.endsAt)}.`
    case 'auditor_key':
      return say`A key is to read everything that Countersign has recorded, as you, until ${onDay(what.endsAt)}.`
  }
}

/** What they will be behind. */
function meaning(what: Confirmable, mine: Asked): Text {
  switch (what.kind) {
    case 'key':
      return say`If you confirm, you are behind whatever is asked for with that key${mine.as === 'owner_and_creator' ? say`, as the owner of the agent and the maker of the key` : nothing}: you can never approve it. Whoever has the key acts through the agent.`
    case 'owner':
      return mine.as === 'new_owner'
        ? say`If you confirm, you are behind whatever the agent asks, and behind what it has asked and is still open: you can never approve it. Whoever has its keys acts through it.`
        : say`If you confirm, the agent is no longer yours. You stay behind what it has asked until then, and behind whatever is asked with a key that you made.`
    case 'link':
      return say`You are behind what either account is behind, and have one vote together: that holds already, whatever you answer. If both accounts confirm, each also has what the other has.`
    case 'policy':
      return say`If you confirm, those whom the policy wants to be asked are asked, and you can never approve it.`
    case 'unlink':
      return say`If you confirm, those whom the policy wants to be asked are asked, and neither you nor that person can approve it.`
    case 'resume':
      return say`If you confirm, those whom the policy wants to be asked are asked, and neither you nor anybody behind a stopped agent can approve it.`
    case 'erase':
      return say`If you confirm, those whom the policy wants to be asked are asked, and neither you nor anybody behind what is erased can approve it.`
    case 'operator_key':
      return say`If you confirm, whoever has that key registers agents of yours and makes keys for them without asking you again, and you are behind whatever they ask. Each use is recorded.`
    case 'auditor_key':
      return say`If you confirm, whoever has that key reads the whole record for as long as the policy names you as an auditor: what was asked, by whom, and who decided. It decides and changes nothing. That it reads is recorded under your name.`
  }
}

const otherwise: Readonly<Record<Confirmable['kind'], string>> = {
  key: 'Until then the key does nothing. “This was not me” ends it and raises an alarm.',
  owner: 'Until then the agent keeps its owner. “This was not me” ends it and raises an alarm.',
  link: 'Until then neither account gains anything by it. “This was not me” raises an alarm; the accounts are parted only by others, with “countersign people unlink”.',
  policy: 'Until then nobody else is asked. “This was not me” ends it and raises an alarm.',
  unlink: 'Until then nobody else is asked. “This was not me” ends it and raises an alarm.',
  resume:
    'Until then nobody else is asked, and the stop holds. “This was not me” ends it and raises an alarm.',
  erase:
    'Until then nobody else is asked, and nothing is erased. “This was not me” ends it and raises an alarm.',
  operator_key: 'Until then the key does nothing. “This was not me” ends it and raises an alarm.',
  auditor_key: 'Until then the key reads nothing. “This was not me” ends it and raises an alarm.',
}

const aftermath: Readonly<Record<Confirmable['kind'], string>> = {
  key: 'The key is revoked, and so is the agent if it was new.',
  owner: 'The agent keeps its owner.',
  link: 'The accounts still count as one person where that takes away. Parting them is an action that others decide: “countersign people unlink”.',
  policy: 'The change was not put before anybody.',
  unlink: 'Parting the accounts was not put before anybody.',
  resume: 'Resuming was not put before anybody, and the stop holds.',
  erase: 'Erasing was not put before anybody, and nothing was erased.',
  operator_key: 'The key is revoked.',
  auditor_key: 'The key is revoked; it has read nothing.',
}

function others(mine: Asked, { asked }: Confirmation): readonly Passage[] {
  const named = asked
    .filter((one) => one !== mine && one.account !== mine.account)
    .map(
      ({ name, as, answer }) =>
        say`${outside(name, longest)}, ${ours(roles[as])}${answer === 'confirmed' ? say`, who has confirmed it` : nothing}`,
    )
  return named.length === 0 ? [] : [{ note: say`Asked besides you: ${listed(named)}.` }]
}

const roles: Readonly<Record<Asked['as'], string>> = {
  agent_owner: 'the owner of the agent',
  new_owner: 'the new owner of the agent',
  key_creator: 'the maker of the key',
  owner_and_creator: 'the owner of the agent and maker of the key',
  account: 'the other account',
  author: 'the author',
  operator: 'whose key it is',
  auditor: 'whose key it is',
}

function ending(mine: Asked, confirmation: Confirmation): Text {
  if (mine.answer === 'disowned')
    return say`${strong`You said that this was not you.`} Those who have to know are told.`
  switch (confirmation.state) {
    case 'confirmed':
      return say`${strong`Confirmed.`} It is in effect.`
    case 'waiting': {
      const names = unanswered(confirmation).map(({ name }) => [outside(name, longest)])
      return say`${strong`You have confirmed it.`} It takes effect when ${listed(names)} has, too.`
    }
    case 'disowned':
      return say`${strong`Ended.`} Somebody else who was asked says that it was not them.`
    case 'lapsed':
      return say`${strong`Not confirmed in time.`} It gives nothing; whoever wants it has to ask again.`
    case 'dropped':
      return say`${strong`Nothing left to confirm.`} What it was about is gone.`
  }
}

function about(what: Confirmable): Text {
  switch (what.kind) {
    case 'key':
      return say`a key for the agent ${outside(what.name, longest)}`
    case 'owner':
      return say`another owner for the agent ${outside(what.name, longest)}`
    case 'link':
      return say`two accounts as one person`
    case 'policy':
      return say`a change of the policy, ${outside(bundleOf(what), longest)}`
    case 'unlink':
      return say`parting the account ${outside(what.name, longest)} from its person`
    case 'resume':
      return say`resuming ${outside(what.name, longest)}, which was stopped`
    case 'erase':
      return say`erasing ${erased[what.what]} from the record, ${outside(what.id, longest)}`
    case 'operator_key':
      return say`a key that acts as them`
    case 'auditor_key':
      return say`a key that reads the record as them`
  }
}

const kinds: Readonly<Record<Confirmable['kind'], string>> = {
  key: 'A key of an agent',
  owner: 'Another owner for an agent',
  link: 'Two accounts as one person',
  policy: 'A change of the policy',
  unlink: 'Parting accounts',
  resume: 'Resuming what was stopped',
  erase: 'Erasing from the record',
  operator_key: 'An operator’s key',
  auditor_key: 'An auditor’s key',
}

const erased = { request: ours('a request'), person: ours('what is known of a person') } as const
