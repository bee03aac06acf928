import { isolated, reveal, revealLine } from '../core/reveal.ts'
import type { Shown, Story, ToldDecision } from './told.ts'

/** The story for people. What agents and people wrote is quoted, line by line, so that it cannot look like ours. */
export function storyText(story: Story): string {
  const { request, action, resource, environment, verdict } = story
  const lines = [
    `# ${request}`,
    '',
    `${code(action)} on ${code(`${resource.type} ${resource.id}`)}${environment === null ? '' : ` in ${code(environment)}`}. It ended as **${story.state}**${story.outcome === null ? '' : ` (${story.outcome})`}.`,
    '',
    'Each line names its entry by index: `N` stands in entries.ndjson (or earlier.ndjson) with `"seq":N`, and N.tlog-proof beside this file proves it.',
    '',
    '## Asked',
    '',
    line(
      story.asked,
      `The agent ${code(story.agent.id)}${model(story)} asked, for ${person(story.initiator?.person)}.`,
    ),
    `  Policy ${code(story.policy ?? 'none')} said ${code(verdict.kind)}${verdict.rules.length > 0 ? ` by ${verdict.rules.map(code).join(', ')}` : ''}.`,
    `  Behind it: ${story.behind.map((one) => `${code(one.person)} (${one.role})`).join(', ') || 'nobody'}.`,
    ...through(story),
    ...quoted('Reason that the agent gave', story.reason),
    ...quoted('Parameters', story.params === null ? null : JSON.stringify(story.params, null, 2)),
    ...notShown(story),
    ...section('Said about it', said(story)),
    ...section('Decided', decided(story)),
    ...section('Attempts that were refused', refused(story)),
    ...section(
      'Moves',
      story.moves.map((one) => line(one, `${code(one.type)}: now ${one.state}.`)),
    ),
    ...section('Permission and use', used(story)),
    ...section('What was reported', reported(story)),
    ...section('Undone', undone(story)),
    ...section(
      'Besides',
      story.other.map((one) => line(one, `${code(one.type)}, by ${code(one.actor.id)}.`)),
    ),
    ...(story.erased
      ? ['', 'Some values of this request were erased on purpose; their hashes still stand in the leaves.']
      : []),
  ]
  return `${lines.join('\n')}\n`
}

function through({ through }: Story): readonly string[] {
  if (through.length === 0) return []
  const hops = through.map(({ kind, name, agent }) => {
    const named = `${kind} ${name === null ? '(erased)' : code(name)}`
    return agent === null ? named : `${named} (${code(agent)})`
  })
  return [`  Through, as the agent said: ${hops.join(', ')}.`]
}

function said({ notes }: Story): readonly string[] {
  return notes.flatMap((one) => [
    line(one, `${code(one.actor.id)} ${sayings[one.kind] ?? 'said something'}; it is no decision.`),
    ...(one.text === null ? ['  Its text was erased.'] : quoted('Their words', one.text)),
  ])
}

const sayings: Readonly<Record<string, string>> = {
  changes: 'asked for changes',
  question: 'asked a question',
  answer: 'answered',
}

function notShown({ hidden, asked }: Story): readonly string[] {
  if (hidden.length === 0) return []
  return [
    `  Sensitive, so the card did not show it and nor does this story: ${hidden.map(code).join(', ')}. values.ndjson has it, in the value \`params\` of entry ${asked.index}.`,
  ]
}

function decided({ decisions, glass, escalations }: Story): readonly string[] {
  return [
    ...escalations.map((one) =>
      line(one, `Escalated to ${code(one.to ?? 'nobody')} by ${code(one.actor.id)}.`),
    ),
    ...decisions.flatMap((one) => decision(one)),
    ...(glass
      ? [
          line(
            glass,
            `${person(glass.person)} broke the glass and let it through alone; review due by ${glass.reviewBy ?? 'no time'}.`,
          ),
          ...quoted('Their reason', glass.grounds),
          ...(glass.overdue ? [line(glass.overdue, 'The review was overdue.')] : []),
          ...(glass.review
            ? [
                line(
                  glass.review,
                  `${person(glass.review.person)} reviewed it${glass.review.late ? ', late' : ''}.`,
                ),
                ...quoted('What they found', glass.review.note),
              ]
            : ['  It was not reviewed.']),
        ]
      : []),
  ]
}

function decision(one: ToldDecision): readonly string[] {
  const { kind, legs, seen, ended, inPlaceOf = [] } = one
  const what = kind === 'approve' ? 'approved' : 'denied'
  const saw = seen.text === null ? 'its text is not in the record' : `seen-${one.index}.txt has its text`
  return [
    line(
      one,
      `${person(one.person)} ${what}${one.late ? ' after it had expired' : ''}${legs.length > 0 ? ` for ${legs.map(code).join(', ')}` : ''}, as ${code(one.account ?? 'no account')}.`,
    ),
    `  They saw ${code(seen.digest ?? 'nothing')}; ${saw}.`,
    ...(inPlaceOf.length > 0
      ? [`  They were told of it in the place of ${inPlaceOf.map(person).join(' and ')}, who was away.`]
      : []),
    ...quoted('Their reason', one.grounds),
    ...(ended
      ? [line(ended, ended.how === 'withdrawn' ? 'They took that back.' : 'It did not count any more.')]
      : []),
  ]
}

function refused({ refused }: Story): readonly string[] {
  return refused.map((one) =>
    line(one, `${code(one.actor.id)} tried to ${code(one.kind)}: ${code(one.code)}.`),
  )
}

function used({ grant, redemption }: Story): readonly string[] {
  return [
    ...(grant ? [line(grant, `A grant was issued, until ${String(grant.facts.expires_at)}.`)] : []),
    ...(redemption ? [line(redemption, `${code(redemption.actor.id)} redeemed it.`)] : []),
  ]
}

function reported({ reports, deviations }: Story): readonly string[] {
  return [
    ...reports.flatMap((one) => [
      line(
        one,
        `${code(one.actor.id)} reported: ${one.state}${one.deviations > 0 ? ', not as approved' : ''}.`,
      ),
      ...quoted('Their note', typeof one.said.note === 'string' ? one.said.note : null),
    ]),
    ...deviations.map((one) =>
      line(
        one,
        `Not as approved: ${one.kinds.map(code).join(', ')}${one.pointers.length > 0 ? ` at ${one.pointers.map(code).join(', ')}` : ''}.`,
      ),
    ),
  ]
}

function undone({ set, undoes, undoneBy }: Story): readonly string[] {
  return [
    ...(set === null ? [] : [`- It was asked together with others, in the set ${code(set)}.`]),
    ...(undoes === null ? [] : [`- It undoes ${code(undoes)}.`]),
    ...undoneBy.map((one) => `- ${code(one)} undoes it.`),
  ]
}

function section(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', `## ${title}`, '', ...lines]
}

function line({ index, at }: Shown, says: string): string {
  return `- \`${index}\` ${at} ${says}`
}

function model({ agent }: Story): string {
  return agent.model === null ? '' : ` (it says it is ${code(agent.model)})`
}

function person(id: string | undefined): string {
  return id === undefined ? 'nobody' : code(id)
}

/** As code, where nothing is parsed and what cannot be seen is named; a backtick of its own would end it. */
export function code(text: string): string {
  return `\`${isolated(revealLine(text)).replaceAll('`', '?')}\``
}

/** As a block, where nothing is parsed and what cannot be seen is named. */
export function quoted(title: string, text: string | null): readonly string[] {
  if (text === null) return []
  const lines = reveal(text.replaceAll(/\r\n|\r/g, '\n')).split('\n')
  return [`  ${title}:`, '', ...lines.map((one) => `      ${one}`), '']
}
