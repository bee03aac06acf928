import { type EscalationStep, escalationsLeft } from '../../core/escalations.ts'
import { howLong } from '../howLong.ts'
import type { Passage } from '../passage.ts'
import { calling, listed, onDay, ours, outside, person, say, strong, type Text } from '../span.ts'
import { prose } from '../text.ts'
import type { RequestView } from '../view.ts'
import { denialFields, noteField, proseField, reasonField, typedFields, whomField } from './fields.ts'
import type { FormContent } from './form.ts'
import { theAction, theSummary } from './theAction.ts'

// The windows in which people write something before it counts. All repeat the action.

/** Asks why. The agent gets the reason. */
export function denyForm(view: RequestView): FormContent {
  return {
    title: 'Deny this action',
    submit: 'Deny',
    passages: [theSummary(view)],
    fields: denialFields(),
    ...ofRequest(view),
  }
}

/** Asks for what policy wants of an approval: a reason, texts typed letter by letter, or both. */
export function approveForm(view: RequestView): FormContent {
  const { requirement } = view.request
  const reason = requirement?.reason
    ? [
        proseField({
          name: reasonField,
          label: say`Why may this go ahead?`,
          hint: say`Recorded with your name, and shown in the thread.`,
          demand: requirement.reason,
        }),
      ]
    : []
  return {
    title: 'Approve this action',
    submit: 'Approve',
    passages: theAction(view),
    fields: [...reason, ...typedFields(requirement?.confirm ?? [])],
    ...ofRequest(view),
  }
}

/** Says what it means. Nobody has to say why. */
export function withdrawForm(view: RequestView): FormContent {
  const means =
    view.request.state === 'approved'
      ? say`It was released. If it has not been used yet, its grant becomes void and the agent can no longer go ahead. Nobody can approve it again.`
      : say`Your approval will no longer count, and its seat will be open again. You can decide again as long as the request is pending.`
  return {
    title: 'Take back my approval',
    submit: 'Take back',
    passages: [theSummary(view), { line: means }],
    fields: [
      proseField({
        name: reasonField,
        label: say`Why?`,
        hint: say`Shown in the thread, with your name.`,
        optional: true,
      }),
    ],
    ...ofRequest(view),
  }
}

/** Says who would be brought in, and asks why it cannot wait. */
export function escalateForm(view: RequestView): FormContent {
  const left = targetsOf(view.request)
  return {
    title: 'Escalate',
    submit: 'Escalate',
    passages: [
      theSummary(view),
      ...left.map((one) => ({ line: say`${strong`To ${calling([one.to])}.`} ${helpOf(one)}` })),
    ],
    fields: [
      ...(left.length > 1 ? [whomField(left.map(({ to }) => to))] : []),
      proseField({
        name: reasonField,
        label: say`Why can it not wait?`,
        hint: say`They read this in the thread, with your name.`,
      }),
    ],
    ...ofRequest(view),
    keeps: { to: left[0]?.to.address },
  }
}

/** Those who can be brought in, each once. */
function targetsOf(request: RequestView['request']): readonly EscalationStep[] {
  const left = escalationsLeft(request)
  return left.filter(({ to }, place) => left.findIndex((one) => one.to.address === to.address) === place)
}

function helpOf({ legs }: EscalationStep): Text {
  return legs.length > 0
    ? say`They are told now, and may then agree for ${listed(legs.map((leg) => [outside(leg, 60)]))}. Nobody is removed.`
    : say`They are told now. They cannot decide, and nobody is removed.`
}

/** Says what it means, who may, and asks for the reason that policy wants. */
export function glassForm(view: RequestView): FormContent {
  const { verdict, requirement } = view.request
  return {
    title: 'Break glass',
    submit: 'Break glass',
    passages: [
      ...theAction(view),
      ...(verdict.kind === 'deny' && verdict.message
        ? [{ note: say`Policy denied it:` }, { quote: prose(verdict.message, 500) }]
        : []),
      ...whatItMeans(view),
    ],
    fields: [
      proseField({
        name: reasonField,
        label: say`What is the emergency?`,
        hint: say`Everybody who is told reads this.`,
        demand: requirement?.breakGlass?.reason ?? null,
      }),
    ],
    ...ofRequest(view),
  }
}

function whatItMeans(view: RequestView): readonly Passage[] {
  const { verdict, requirement } = view.request
  const path = requirement?.breakGlass
  if (!path) return []
  const behind = [...new Set(view.request.behind.map((one) => one.person))]
  const means = say`${strong`This lets the action through at once, on your word alone.`} For emergencies only.
• ${ours(verdict.kind === 'deny' ? 'It lifts what policy denied' : 'Nobody else has to agree any more')}, and the agent may go ahead.
• ${ours(path.notify.length > 0 ? 'The people whom policy names are told now' : 'It is recorded')}, with your name and your reason.
• Somebody else has to review it within ${ours(howLong(path.reviewWithinSeconds))}. Until then it shows as a broken glass.`
  const who = say`${strong`Who may do this:`} one of ${calling(path.who)}, but nobody behind the action: ${listed(behind.map((id) => [person(id)]))}.`
  return [{ line: means }, { line: who }]
}

/** Repeats what was done and why, and asks what the reviewer found. */
export function reviewForm(view: RequestView): FormContent {
  const glass = view.request.brokenGlass
  const done: readonly Passage[] = glass
    ? [
        {
          line: say`${person(glass.person)} let this through alone, ${onDay(glass.at)}. To be reviewed by ${onDay(glass.reviewBy)}.`,
        },
        { quote: prose(glass.reason, 1_000) },
      ]
    : []
  return {
    title: 'Close the review',
    submit: 'Close review',
    passages: [...theAction(view), ...done],
    fields: [
      proseField({
        name: noteField,
        label: say`What did you find?`,
        hint: say`Was it an emergency, was this the right thing to do, what has to follow? It is shown on the card, with your name.`,
      }),
    ],
    ...ofRequest(view),
  }
}

function ofRequest({ request, people }: RequestView): Pick<FormContent, 'about' | 'people'> {
  return { about: request.id, people }
}
