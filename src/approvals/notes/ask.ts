import { type CurrentPerson, samePerson } from '../../core/identity.ts'
import { askingNotes, mostAsked, mostAskedByOne } from '../../core/note.ts'
import { Refusal } from '../../core/refusal.ts'
import type { ActionRequest } from '../../core/request.ts'
import { visible } from '../../core/visible.ts'
import { byPerson, type Decided, refuseIfOver } from '../byPerson.ts'
import type { LinkRead } from '../change.ts'
import { judgedPeople } from '../people/currentPeople.ts'
import { mayDecide } from '../people/eligibility.ts'
import type { NoteAttempt } from '../personCommand.ts'
import type { Ports } from '../ports.ts'
import { writtenByPerson } from './written.ts'

/**
 * A person who could decide says what is missing or too much. It is no vote and no state: the request waits on, its deadline goes on,
 * and its agent hears it. What a stop holds can be asked about.
 *
 * @throws Refusal as `asked`
 */
export function askForChanges(ports: Ports, attempt: NoteAttempt): Promise<Decided> {
  return asked(ports, attempt, { verb: 'ask_changes', kind: 'changes' })
}

/** The same with a question: the person on whose behalf the agent asks gets it directly. @throws Refusal as `asked` */
export function askQuestion(ports: Ports, attempt: NoteAttempt): Promise<Decided> {
  return asked(ports, attempt, { verb: 'ask_question', kind: 'question' })
}

/**
 * @throws Refusal `unknown_request`, `foreign_payload`, `wrong_state`, those of `mayDecide`, `reason_needed`, `too_many_notes`, `busy`
 */
function asked(
  ports: Ports,
  attempt: NoteAttempt,
  as: { readonly verb: 'ask_changes' | 'ask_question'; readonly kind: 'changes' | 'question' },
): Promise<Decided> {
  return byPerson(ports, attempt, {
    verb: as.verb,
    judge: async (ports, request) => {
      await refuseIfOver(ports, request)
      const voter = await mayDecide(ports, request, attempt.account)
      const text = attempt.text.trim()
      if (visible(text) === '') throw new Refusal('reason_needed', 'a note that says nothing')
      const links = await refuseTooMany(ports, request, voter.person)
      const note = { kind: as.kind, text }
      return {
        ...writtenByPerson(ports, request, { colleague: voter, attempt, note }),
        links: [...voter.links, ...links],
      }
    },
  })
}

/** People of today are counted: a second account is no second person. @throws Refusal `too_many_notes` */
async function refuseTooMany(
  ports: Ports,
  request: ActionRequest,
  person: CurrentPerson,
): Promise<readonly LinkRead[]> {
  const { current, today, links } = await judgedPeople(ports, request, [person])
  const asking = askingNotes(current.notes)
  const own = asking.filter(({ by }) => by !== 'agent' && samePerson(by, today(person)))
  if (asking.length >= mostAsked || own.length >= mostAskedByOne)
    throw new Refusal('too_many_notes', 'a note beyond those that are kept')
  return links
}
