import type { Evidence } from './evidence.ts'
import * as cards from './laws/cards.ts'
import type { Finding, Law } from './laws/law.ts'
import { everyChangeHasItsEntry } from './laws/ledger.ts'
import * as machine from './laws/machine.ts'
import * as once from './laws/once.ts'
import * as people from './laws/people.ts'
import * as promises from './laws/promises.ts'
import * as sealing from './laws/sealing.ts'
import { theRunTriedWhatItIsFor, theSoakItselfDidNotFail } from './laws/worth.ts'

/** Everything that has to be true when a run is over, by the sentence that is printed. */
export const laws: Readonly<Record<string, Law>> = {
  'nothing acknowledged is lost': promises.nothingAcknowledgedIsLost,
  'an end that was told stands': promises.anEndThatWasToldStands,
  'every decision that a person was told is recorded': promises.everyDecisionThatWasToldIsRecorded,
  'nobody decides who did not click': promises.everyDecisionWasClicked,
  'a revision ends what it revises': promises.aRevisionEndsWhatItRevises,
  'one request for each idempotency key': once.oneRequestPerKey,
  'one entry for each delivery': once.oneEntryPerDelivery,
  'one live card for each request and conversation': once.oneLiveCardPerConversation,
  'no line of a thread twice': once.noThreadLineTwice,
  'every change has its entry': everyChangeHasItsEntry,
  'every entry is sealed in time': sealing.everyEntryIsSealedInTime,
  'the ledger verifies against what left the house': sealing.theLedgerVerifies,
  'nobody behind an action released it': people.nobodyBehindItReleasedIt,
  'what people released had enough of them': people.whatPeopleReleasedHadEnoughOfThem,
  'nothing is approved after its deadline': people.nothingIsApprovedAfterItsDeadline,
  'policy has the last word': people.policyHasTheLastWord,
  'every card that is known or was clicked tells the truth':
    cards.everyCardThatIsKnownOrWasClickedSaysTheTruth,
  'every pending request has a card with buttons in each conversation': cards.everyPendingRequestHasItsCards,
  'what needs nobody has no card': cards.nobodyIsAskedForNothing,
  'a fast click is not refused': cards.aFastClickIsNotRefused,
  'no job is stuck or dead': machine.noJobIsStuckOrDead,
  'no job is left that nobody waits for': machine.theQueueIsEmptyAtTheEnd,
  'nothing grows without bound': machine.nothingGrowsWithoutBound,
  'no server ends by itself': machine.noServerEndsByItself,
  'no server logs a fault of its own': machine.noServerLogsAFaultOfItsOwn,
  'every answer is one that the docs promise': machine.everyAnswerIsOneThatTheDocsPromise,
  'no server is ready while it cannot write': machine.notReadyWhileItCannotWrite,
  'the run tried what it is for': theRunTriedWhatItIsFor,
  'the soak itself did not fail': theSoakItselfDidNotFail,
  'both replicas work at the end': machine.bothReplicasWorkAtTheEnd,
}

/** What breaks which law. */
export function judge(
  evidence: Evidence,
): readonly { readonly law: string; readonly findings: readonly Finding[] }[] {
  return Object.entries(laws).map(([law, look]) => ({ law, findings: look(evidence) }))
}
