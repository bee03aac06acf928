import type { Evidence } from './evidence.ts'
import { lostPostings } from './laws/cards.ts'
import { by, type Finding } from './laws/law.ts'
import type { judge } from './laws.ts'
import { count, type Tally, total } from './tally.ts'

/** What the run did, in groups of two columns. */
export function didTable(
  evidence: Evidence,
  tallies: { readonly did: Tally; readonly slack: Tally },
): string {
  const { promises, clicks, requests, entries } = evidence
  const answers = countedBy(
    promises.flatMap(({ heard }) => heard),
    ({ status, code }) => `${status}${code ? ` ${code}` : ''}`,
  )
  const entriesOf = (type: string) => entries.filter((one) => one.type === type).length
  const group = (name: string, prefix: string): Group => [
    name,
    [...tallies.did]
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, times]) => [key.slice(prefix.length), times]),
  ]
  return table([
    group('Agents asked', 'asked: '),
    group('… and in which manner', 'manner: '),
    ['Answers heard', [...answers]],
    group('Requests met', 'fate: '),
    group('Clicks', 'click: '),
    ['… were answered', [...countedBy(clicks, ({ acked }) => acked)]],
    [
      '… and people were told',
      [
        ...countedBy(
          clicks.flatMap(({ told }) => told),
          firstWords,
        ),
      ],
    ],
    ['Broken on purpose', [...group('', 'broken: ')[1]]],
    ['Slack calls', [...tallies.slack]],
    [
      'Record',
      [
        ['requests', requests.length],
        ...states(requests),
        ['decisions', entriesOf('decision.made')],
        ['revisions', requests.filter(({ revises }) => revises !== null).length],
        ['refused attempts', entriesOf('decision.refused')],
        ['entries', entries.length],
        ['cards', evidence.cards.length],
        ['starts of servers', evidence.servers.length],
        ['lost postings that nobody clicked', lostPostings(evidence)],
        ['clicks that people made', clicks.length],
        ['the same delivery again', tallies.did.get('the same delivery again') ?? 0],
        ['asks left out: too many under way', tallies.did.get('not asked: too many under way') ?? 0],
      ],
    ],
    ['Machine', machine(evidence)],
  ])
}

/** One line while it goes on. */
export function progress(of: {
  readonly tally: Tally
  readonly asked: number
  readonly clicks: number
  readonly calls: Tally
}): string {
  const broken = total(new Map([...of.tally].filter(([name]) => name.startsWith('broken: '))))
  const failed = total(of.calls) - (of.calls.get('answered') ?? 0)
  return `asked ${of.asked}, clicks ${of.clicks}, broken ${broken}, Slack calls ${total(of.calls)} (${failed} failed)`
}

type Group = readonly [name: string, rows: readonly (readonly [string, number | string])[]]

function states(requests: Evidence['requests']): readonly (readonly [string, number])[] {
  const names = [...new Set(requests.map(({ state }) => state))].sort()
  return names.map((name) => [`… ${name}`, requests.filter(({ state }) => state === name).length])
}

/** Of each replica the most, in the first and the second half of the load. */
function machine(evidence: Evidence): readonly (readonly [string, string])[] {
  const { samples, loadBegan, loadEnded } = evidence
  const middle = (loadBegan + loadEnded) / 2
  const most = (replica: string, what: 'residentMb' | 'handles' | 'connections' | 'jobs', half: 0 | 1) =>
    Math.round(
      Math.max(
        0,
        ...samples
          .filter((one) => !replica || one.replica === replica)
          .filter(({ at }) => at < loadEnded && Number(at >= middle) === half)
          .map((one) => one[what] ?? 0),
      ),
    )
  const halves = (replica: string, what: 'residentMb' | 'handles' | 'connections' | 'jobs') =>
    `${most(replica, what, 0)} then ${most(replica, what, 1)}`
  return [
    ...['a', 'b'].flatMap((replica): [string, string][] => [
      [`${replica}: most memory, MB`, halves(replica, 'residentMb')],
      [`${replica}: most open handles`, halves(replica, 'handles')],
    ]),
    ['slowest start of a server, s', slowestStart(evidence)],
    ['most connections of the database', halves('', 'connections')],
    ['most rows of jobs', halves('', 'jobs')],
  ]
}

function table(groups: readonly Group[]): string {
  const wide = Math.max(...groups.flatMap(([, rows]) => rows.map(([name]) => name.length)), 20)
  return groups
    .map(
      ([name, rows]) =>
        `${name}\n${rows.map(([row, value]) => `  ${row.padEnd(wide)}  ${String(value).padStart(8)}`).join('\n')}`,
    )
    .join('\n\n')
}

function countedBy<T>(list: readonly T[], nameOf: (one: T) => string): Tally {
  const counted: Tally = new Map()
  for (const one of list) count(counted, nameOf(one))
  return counted
}

/** Of a text or of the window it stands in: enough to tell one answer from another. */
function firstWords(text: string): string {
  const says = /"text":\{"type":"mrkdwn","text":"([^"]+)/.exec(text)?.[1] ?? text
  return says.slice(0, 60)
}

/** Of each law, how many kinds of findings are printed, and how many of each. */
const shown = 12
const examples = 3

/** The same but for ids, times and numbers. */
function kindOf({ says }: Finding): string {
  return says.replace(/[\w-]*\d[\w.:-]*/g, '#').slice(0, 160)
}

/** Each law with what it found. */
export function verdict(judged: ReturnType<typeof judge>): {
  readonly text: string
  readonly passed: boolean
} {
  const lines = judged.flatMap(({ law, findings }) => {
    const alike = [...by(findings, kindOf).values()]
    return [
      `  ${findings.length === 0 ? 'ok' : String(findings.length).padStart(2)}  ${law}`,
      ...alike
        .slice(0, shown)
        .flatMap((same) => [
          ...same.slice(0, examples).map(({ about, says }) => `        ${about}: ${says}`),
          ...(same.length > examples ? [`          and ${same.length - examples} more like these`] : []),
        ]),
      ...(alike.length > shown ? [`        and ${alike.length - shown} other kinds`] : []),
    ]
  })
  const broken = judged.filter(({ findings }) => findings.length > 0)
  const last =
    broken.length === 0
      ? 'PASS: nothing was found.'
      : `FOUND: ${broken.reduce((sum, { findings }) => sum + findings.length, 0)} violations of ${broken.length} laws.`
  return { text: `${lines.join('\n')}\n\n${last}`, passed: broken.length === 0 }
}

function slowestStart({ servers }: Evidence): string {
  const seconds = servers.map(({ startedAt, readyAt }) => ((readyAt ?? startedAt) - startedAt) / 1_000)
  return Math.max(0, ...seconds).toFixed(1)
}
