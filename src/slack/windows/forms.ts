import type { KnownBlock, ModalView } from '@slack/types'
import { cardContent } from '../../card/content.ts'
import { factsOf, summaryOf } from '../../card/facts.ts'
import { prose } from '../../card/text.ts'
import type { RequestView } from '../../card/view.ts'
import { type EscalationStep, escalationsLeft } from '../../core/escalations.ts'
import { whoAsksBlock } from '../card/card.ts'
import { consequenceBlock } from '../card/consequence.ts'
import { context, mrkdwn, plain, preformatted, quote, section } from '../text/blocks.ts'
import { inline } from '../text/escape.ts'
import { listed, person, source, sources, span, time } from '../text/mrkdwn.ts'
import { contextOf } from '../text/spans.ts'
import { denialFields, noteBlock, proseField, reasonBlock, targetField, typedField } from './fields.ts'
import { label, shell, type ViewOrigin } from './shell.ts'

// The windows in which people write something before it counts. All repeat the action.

/** Asks why. The agent gets the reason. */
export function denyForm(view: RequestView, origin: ViewOrigin): ModalView {
  return {
    ...shell('Deny this action', origin),
    close: label('Cancel'),
    submit: label('Deny'),
    blocks: [
      section(plain(summaryOf(factsOf(view.request)))),
      ...denialFields(),
      context(plain(view.request.id)),
    ],
  }
}

/** Asks for what policy wants of an approval: a reason, texts typed letter by letter, or both. */
export function approveForm(view: RequestView, origin: ViewOrigin): ModalView {
  const { requirement } = view.request
  const reason = requirement?.reason
    ? [
        proseField({
          block: reasonBlock,
          label: 'Why may this go ahead?',
          hint: 'Recorded with your name, and shown in the thread.',
          demand: requirement.reason,
        }),
      ]
    : []
  return {
    ...shell('Approve this action', origin),
    close: label('Cancel'),
    submit: label('Approve'),
    blocks: [
      ...theAction(view),
      ...reason,
      ...(requirement?.confirm ?? []).slice(0, 40).map(typedField),
      context(plain(view.request.id)),
    ],
  }
}

/** Says what it means. Nobody has to say why. */
export function withdrawForm(view: RequestView, origin: ViewOrigin): ModalView {
  const means =
    view.request.state === 'approved'
      ? 'It was released. If it has not been used yet, its grant becomes void and the agent can no longer go ahead. Nobody can approve it again.'
      : 'Your approval will no longer count, and its seat will be open again. You can decide again as long as the request is pending.'
  return {
    ...shell('Take back my approval', origin),
    close: label('Cancel'),
    submit: label('Take back'),
    blocks: [
      section(plain(summaryOf(factsOf(view.request)))),
      section(mrkdwn(means)),
      proseField({
        block: reasonBlock,
        label: 'Why?',
        hint: 'Shown in the thread, with your name.',
        optional: true,
      }),
      context(plain(view.request.id)),
    ],
  }
}

/** Says who would be brought in, and asks why it cannot wait. */
export function escalateForm(view: RequestView, origin: ViewOrigin): ModalView {
  const left = targetsOf(view.request)
  const [next] = left
  return {
    ...shell('Escalate', { ...origin, to: next?.to.address }),
    close: label('Cancel'),
    submit: label('Escalate'),
    blocks: [
      section(plain(summaryOf(factsOf(view.request)))),
      ...left.map((one) => section(mrkdwn(`*To ${source(one.to)}.* ${helpOf(one)}`))),
      ...(left.length > 1 ? [targetField(left.map(({ to }) => to))] : []),
      proseField({
        block: reasonBlock,
        label: 'Why can it not wait?',
        hint: 'They read this in the thread, with your name.',
      }),
      context(plain(view.request.id)),
    ],
  }
}

/** Those who can be brought in, each once. */
function targetsOf(request: RequestView['request']): readonly EscalationStep[] {
  const left = escalationsLeft(request)
  return left.filter(({ to }, place) => left.findIndex((one) => one.to.address === to.address) === place)
}

function helpOf({ legs }: EscalationStep): string {
  return legs.length > 0
    ? `They are told now, and may then agree for ${listed(legs.map((leg) => inline(leg, 60)))}. Nobody is removed.`
    : 'They are told now. They cannot decide, and nobody is removed.'
}

/** Says what it means, who may, and asks for the reason that policy wants. */
export function glassForm(view: RequestView, origin: ViewOrigin): ModalView {
  const { verdict, requirement, id } = view.request
  return {
    ...shell('Break glass', origin),
    close: label('Cancel'),
    submit: label('Break glass'),
    blocks: [
      ...theAction(view),
      ...(verdict.kind === 'deny' && verdict.message
        ? [context(mrkdwn('Policy denied it:')), quote(prose(verdict.message, 500))]
        : []),
      ...whatItMeans(view),
      proseField({
        block: reasonBlock,
        label: 'What is the emergency?',
        hint: 'Everybody who is told reads this.',
        demand: requirement?.breakGlass?.reason ?? null,
      }),
      context(plain(id)),
    ],
  }
}

function whatItMeans(view: RequestView): KnownBlock[] {
  const { verdict, requirement } = view.request
  const path = requirement?.breakGlass
  if (!path) return []
  const behind = [...new Set(view.request.behind.map((one) => person(view, one.person)))]
  const means = [
    '*This lets the action through at once, on your word alone.* For emergencies only.',
    `• ${verdict.kind === 'deny' ? 'It lifts what policy denied' : 'Nobody else has to agree any more'}, and the agent may go ahead.`,
    `• ${path.notify.length > 0 ? 'The people whom policy names are told now' : 'It is recorded'}, with your name and your reason.`,
    `• Somebody else has to review it within ${span(path.reviewWithinSeconds)}. Until then it shows as a broken glass.`,
  ]
  const who = `*Who may do this:* one of ${sources(path.who)}, but nobody behind the action: ${listed(behind)}.`
  return [section(mrkdwn(means.join('\n'))), section(mrkdwn(who))]
}

/** Repeats what was done and why, and asks what the reviewer found. */
export function reviewForm(view: RequestView, origin: ViewOrigin): ModalView {
  const glass = view.request.brokenGlass
  const done = glass
    ? [
        section(
          mrkdwn(
            `${person(view, glass.person)} let this through alone, ${time(glass.at, 'day')}. To be reviewed by ${time(glass.reviewBy, 'day')}.`,
          ),
        ),
        quote(prose(glass.reason, 1_000)),
      ]
    : []
  return {
    ...shell('Close the review', origin),
    close: label('Cancel'),
    submit: label('Close review'),
    blocks: [
      ...theAction(view),
      ...done,
      proseField({
        block: noteBlock,
        label: 'What did you find?',
        hint: 'Was it an emergency, was this the right thing to do, what has to follow? It is shown on the card, with your name.',
      }),
      context(plain(view.request.id)),
    ],
  }
}

/** What the card says first, and all of the action where there is room; otherwise its full view was the way here. */
function theAction(view: RequestView): KnownBlock[] {
  const facts = factsOf(view.request)
  const parameters =
    facts.fits && facts.drawn.parameters.length > 0 ? [preformatted(facts.drawn.parameters.join('\n'))] : []
  const content = cardContent(view)
  return [
    section(plain(summaryOf(facts))),
    consequenceBlock(content.consequence, view.people),
    whoAsksBlock(content, view.people),
    ...parameters,
    ...(content.oddities.length > 0 ? [contextOf(view.people, ...content.oddities)] : []),
  ]
}
