import { dirname, join, relative } from 'node:path'
import { describe, expect, test } from 'vitest'
import { circlesIn, filesUnder, importsOf, pathOf, type SourceFile } from './support/sourceFiles.ts'

/**
 * Folder by folder: what a file there may import from the rest of src/, and which packages. A folder without a line
 * here fails, so nobody adds a room without saying what it is for.
 */
interface Room {
  readonly may: readonly string[]
  readonly packages: readonly string[] | 'any'
  readonly pure: boolean
}

const pure = (may: readonly string[], packages: readonly string[]): Room => ({ may, packages, pure: true })
const adapter = (may: readonly string[]): Room => ({ may, packages: 'any', pure: false })

const below = ['core', 'policy', 'policyTools', 'ledger', 'evidence'] as const
const adapters = [
  'store',
  'jobs',
  'http',
  'slack',
  'teams',
  'issuers',
  'anchors',
  'outgoing',
  'oncall',
  'oidc',
  'streams',
  'parsing',
  'shadow',
  'sandbox',
] as const

const rooms: Readonly<Record<string, Room>> = {
  core: pure([], ['node:crypto', 'safe-stable-stringify']),
  /** The kernel: what judges. It knows none of its tools. */
  policy: pure(['core'], ['yaml', 'zod', '@bufbuild/cel', '@bufbuild/re2', 'temporal-polyfill', 'unbash']),
  policyTools: pure(['core', 'policy'], ['yaml', 'zod', '@bufbuild/re2']),
  ledger: pure(['core'], ['node:crypto']),
  /** What the record shows: stories, tables, controls. */
  evidence: pure(
    ['core', 'policy', 'policyTools', 'ledger'],
    ['node:crypto', 'csv-stringify/sync', '@observablehq/plot', 'linkedom'],
  ),
  /** What is said about a request, in whatever channel. */
  card: pure(['core', 'ledger'], ['node:url']),
  approvals: {
    may: ['core', 'policy', 'policyTools', 'ledger', 'evidence', 'card', 'lifetime', 'tracing'],
    packages: ['node:crypto', 'node:util', 'typeid-js', 'jose'],
    pure: false,
  },
  lifetime: { may: [], packages: [], pure: false },
  /** Costs nothing where no SDK was started, so everybody may have it. */
  tracing: { may: ['core'], packages: ['@opentelemetry/api'], pure: false },
  store: adapter([...below, 'approvals', 'lifetime', 'tracing']),
  jobs: adapter([...below, 'approvals', 'lifetime', 'tracing']),
  http: adapter([...below, 'approvals', 'lifetime', 'tracing']),
  outgoing: adapter(['approvals']),
  /** Where sealed entries are sent on to: receivers, files, standard output. */
  oncall: adapter([...below, 'approvals']),
  /** Identity providers: what their tokens say of whoever signed in. */
  oidc: adapter([...below, 'approvals', 'lifetime']),
  streams: adapter([...below, 'approvals']),
  /** What all channels do alike with what people do in them; each draws it, and hears it, in its own way. */
  channels: adapter([...below, 'card', 'approvals', 'lifetime', 'tracing']),
  slack: adapter([...below, 'card', 'approvals', 'channels', 'lifetime', 'tracing']),
  teams: adapter([...below, 'card', 'approvals', 'channels', 'lifetime', 'tracing']),
  /** Targets that cannot verify a grant: how a credential is made and ended there. */
  issuers: adapter([...below, 'approvals', 'lifetime', 'tracing']),
  /** Places outside, where checkpoints of the ledger are kept. */
  anchors: adapter([...below, 'approvals', 'lifetime']),
  /** The others know nothing of it: whoever puts them together hands it what they tell of themselves. */
  metrics: { may: ['core', 'ledger', 'approvals'], packages: ['prom-client', 'node:timers'], pure: false },
  /** What agents import: no package has to be installed for it, and nothing of the server comes along. */
  client: { may: [], packages: ['node:crypto'], pure: false },
  /** PostgreSQL's parser, in a thread of its own, and here for commands. */
  parsing: adapter([...below, 'approvals']),
  /** The thread in which a candidate judges beside the active policy. */
  shadow: adapter([...below, 'approvals']),
  sandbox: adapter([]),
  /** Composition: the only rooms where adapters meet. */
  server: adapter([...below, 'card', 'approvals', 'channels', ...adapters, 'lifetime', 'metrics']),
  cli: adapter([...below, 'card', 'approvals', 'channels', ...adapters, 'lifetime', 'server']),
}

/** Rooms inside a room: which of the others a file there may import. What lies beside them is there for all of them. */
const innerRooms: Readonly<Record<string, readonly string[]>> = {
  'slack/text': [],
  'slack/card': ['slack/text'],
  'slack/outbound': ['slack/text', 'slack/card'],
  'slack/windows': ['slack/text', 'slack/card', 'slack/outbound'],
  'slack/inbound': ['slack/text', 'slack/card', 'slack/outbound', 'slack/windows'],
  'teams/text': [],
  'teams/card': ['teams/text'],
  'teams/outbound': ['teams/text', 'teams/card'],
  'teams/windows': ['teams/text', 'teams/card', 'teams/outbound'],
  'teams/inbound': ['teams/text', 'teams/card', 'teams/outbound', 'teams/windows'],
  'approvals/people': [],
  'approvals/cards': ['approvals/people'],
  'approvals/policy': ['approvals/people'],
  'approvals/ledger': [],
  'approvals/evidence': ['approvals/ledger'],
  'approvals/streams': [],
  'approvals/webhooks': ['approvals/people'],
}

const impure = [
  ['a clock', /\bDate\.now\(|\bnew Date\(\)|\bperformance\b/],
  ['randomness', /\bMath\.random\(|\brandomBytes\(|\brandomUUID\(/],
  ['the environment', /\bprocess\./],
  ['waiting', /\bawait\b|\basync\b|\bsetTimeout\(/],
  ['logging', /\bconsole\.|\bpino\b/],
] as const

const files = filesUnder('src')

function illegalImports(file: SourceFile): readonly string[] {
  const room = rooms[file.room]
  if (!room) return [`src/${file.room}/ has no line in the table of rooms`]
  return importsOf(file.text).flatMap((target) => {
    if (!target.startsWith('.')) {
      const name = target.startsWith('@')
        ? target.split('/').slice(0, 2).join('/')
        : (target.split('/')[0] ?? '')
      return room.packages === 'any' || room.packages.includes(name) || room.packages.includes(target)
        ? []
        : [`${file.path} imports ${target}`]
    }
    const path = pathOf(target, file)
    const to = path.includes('/') ? (path.split('/')[0] ?? '') : '.'
    if (to === file.room) return illegalInside(file.path, path)
    return room.may.includes(to) ? [] : [`${file.path} imports ${path}`]
  })
}

/** Inside a room that has rooms of its own. */
function illegalInside(from: string, path: string): readonly string[] {
  const may = innerRooms[dirname(from)]
  const to = dirname(path)
  if (may === undefined || to === dirname(from) || !(to in innerRooms) || may.includes(to)) return []
  return [`${from} imports ${path}`]
}

/** The files of a folder with more than 300 lines. */
function overlong(folder: string): readonly string[] {
  return filesUnder(folder)
    .filter((file) => file.text.split('\n').length > 301)
    .map((file) => `${folder}/${file.path}`)
}

describe('the house stands as drawn', () => {
  test('every import goes along an arrow', () => {
    expect(files.flatMap(illegalImports)).toEqual([])
  })

  test('pure rooms have no clock, randomness, environment, waiting or logging', () => {
    const found = files
      .filter((file) => rooms[file.room]?.pure)
      .flatMap((file) =>
        impure
          .filter(([, pattern]) => pattern.test(codeOf(file.text)))
          .map(([what]) => `${file.path}: ${what}`),
      )
    expect(found).toEqual([])
  })

  test.each(['core', 'card'])('%s names no channel', (room) => {
    const found = files.filter(
      (file) =>
        file.room === room && /\b(slack|teams)\b/i.test(codeOf(file.text).replaceAll("'slack_user_id'", '')),
    )
    expect(found.map((file) => file.path)).toEqual([])
  })

  test('the local Slack and its tests know nothing of the product: they run alone', () => {
    const around = ['src/sandbox/', 'test/sandbox/', 'test/support/eventually.ts']
    const strangers = filesUnder('test/sandbox').flatMap((file) =>
      importsOf(file.text)
        .filter((target) => target.startsWith('.'))
        .map((target) => relative('.', join('test/sandbox', dirname(file.path), target)))
        .filter((path) => !around.some((near) => path.startsWith(near)))
        .map((path) => `test/sandbox/${file.path} imports ${path}`),
    )

    expect(strangers).toEqual([])
    expect(rooms.sandbox?.may).toEqual([])
  })

  test('what is in a workspace is named by `slack.address`, which knows which of several it is', () => {
    // A delivery is no place.
    const keys = /^slack\/(address|card\/localView)\.ts$/
    const own = files
      .filter(({ room, path }) => room === 'slack' && !keys.test(path))
      .flatMap(({ path, text }) => text.split('\n').map((line) => ({ path, line: line.trim() })))
      .filter(({ line }) => line.replace(/\bdelivery(:| =) `slack:\$\{/g, '').includes('`slack:${'))
    expect(own.map(({ path }) => path)).toEqual([])
  })

  test('no drawers', () => {
    const drawers = /(^|\/)(utils?|helpers?|common|types|lib|services|misc|interfaces)(\/|\.tsx?$)/
    expect(files.map((file) => file.path).filter((path) => drawers.test(path))).toEqual([])
  })

  test('nobody walks in circles: no file reaches itself by its imports', () => {
    expect(circlesIn(files)).toEqual([])
  })

  test('one idea per file: none over 300 lines', () => {
    expect(overlong('src')).toEqual([])
    expect(overlong('test')).toEqual([])
  })

  test('only server/config.ts reads the environment; the database is started with the bare necessities of ours', () => {
    const readers = files.filter(
      (file) => /process\.env\b/.test(codeOf(file.text)) && !file.path.endsWith('.mjs'),
    )
    expect(readers.map((file) => file.path).sort()).toEqual(['server/config.ts', 'store/embedded/cluster.ts'])
  })
})

describe('the test itself notices', () => {
  test('an import against the arrows inside a room', () => {
    const found = illegalImports(at('slack/text/x.ts', "import { y } from '../inbound/y.ts'"))

    expect(found).toEqual(['slack/text/x.ts imports slack/inbound/y.ts'])
    expect(illegalImports(at('slack/inbound/x.ts', "import { y } from '../text/y.ts'"))).toEqual([])
  })

  const at = (path: string, text: string) => ({ path, room: path.split('/')[0] ?? '', text })

  test.each([
    ['a static import', "import { x } from '../store/open.ts'"],
    ['a type import', "import type { x } from '../store/open.ts'"],
    ['a side-effect import', "import '../store/open.ts'"],
    ['a dynamic import', "const x = await import('../store/open.ts')"],
    ['a re-export', "export { x } from '../store/open.ts'"],
    ['an import over several lines', "import {\n  x,\n  y,\n} from '../store/open.ts'"],
    ['a package that the room does not have', "import { pino } from 'pino'"],
  ])('%s against the arrows', (_, text) => {
    expect(illegalImports(at('core/request.ts', text))).toHaveLength(1)
  })

  test.each([
    [
      'of two',
      "import { b } from './b.ts'",
      "import { a } from './a.ts'",
      ['core/a.ts -> core/b.ts -> core/a.ts'],
    ],
    [
      'a circle of types',
      "import type { B } from './b.ts'",
      "export type { A } from '../core/a.ts'",
      ['core/a.ts -> core/b.ts -> core/a.ts'],
    ],
    ['a circle of one with itself', "import { a } from './a.ts'", '', ['core/a.ts -> core/a.ts']],
    [
      'control: no circle on a one-way street',
      "import { b } from './b.ts'",
      "import { hash } from 'node:crypto'",
      [],
    ],
  ])('%s', (_, a, b, circles) => {
    expect(circlesIn([at('core/a.ts', a), at('core/b.ts', b)])).toEqual(circles)
  })

  test('a circle by a long way round, through other rooms and past a street that ends, once', () => {
    const round = [
      at('core/a.ts', "import { b } from '../policy/b.ts'"),
      at('policy/b.ts', "import { end } from './end.ts'\nimport { c } from './c/c.ts'"),
      at('policy/c/c.ts', "import { a } from '../../core/a.ts'"),
      at('policy/end.ts', ''),
    ]
    expect(circlesIn(round)).toEqual(['core/a.ts -> policy/b.ts -> policy/c/c.ts -> core/a.ts'])
  })

  test('what a card says knows a channel or a verb', () => {
    expect(illegalImports(at('card/content.ts', "import { x } from '../slack/place.ts'"))).toHaveLength(1)
    expect(illegalImports(at('card/content.ts', "import { x } from '../approvals/ports.ts'"))).toHaveLength(1)
    expect(illegalImports(at('slack/card/card.ts', "import { x } from '../../card/content.ts'"))).toEqual([])
  })

  test('a folder nobody drew', () => {
    expect(illegalImports(at('attic/box.ts', ''))).toHaveLength(1)
  })

  test('control: an import along an arrow', () => {
    expect(illegalImports(at('approvals/decide.ts', "import { move } from '../core/lifecycle.ts'"))).toEqual(
      [],
    )
  })
})

/** The text without comments and strings, so that prose about clocks is not a clock. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '')
}
