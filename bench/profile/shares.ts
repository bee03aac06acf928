/** What V8 writes with --cpu-prof: https://chromedevtools.github.io/devtools-protocol/tot/Profiler/#type-Profile */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[]
  /** Microseconds of a clock that only grows; `process.hrtime` shows the same. */
  readonly startTime: number
  readonly samples: readonly number[]
  readonly timeDeltas: readonly number[]
}

interface ProfileNode {
  readonly id: number
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number }
  readonly children?: readonly number[]
}

/** Microseconds, by whatever the time is counted under. */
export type Shares = ReadonlyMap<string, number>

/** What the time is spent on; the first line that matches counts. Paths are those of the build. */
const kinds: readonly (readonly [string, RegExp])[] = [
  ['Prisma', /\/node_modules\/@prisma\/|\/dist\/store\/prisma\//],
  ['driver', /\/node_modules\/(pg|pg-[a-z]+|postgres-[a-z]+|pgpass)\//],
  [
    'Slack',
    /\/node_modules\/(@slack|undici|express|body-parser|raw-body|router)\/|\/dist\/(slack|card)\/|^node:internal\/deps\/undici/,
  ],
  ['jobs', /\/node_modules\/graphile-worker\/|\/dist\/jobs\//],
  ['policy', /\/node_modules\/(@bufbuild|temporal-polyfill|temporal-utils|jsbi)\/|\/dist\/policy\//],
  [
    'parsing',
    /\/node_modules\/(zod|canonicalize|fastify-type-provider-zod)\/|\/dist\/core\/(strictJson|canonical)\w*\./,
  ],
  [
    'HTTP',
    /\/node_modules\/(@?fastify[^/]*|find-my-way|avvio|light-my-request|fast-[a-z-]+|secure-json-parse|reusify)\/|\/dist\/http\/|^node:(_http|internal\/http)/,
  ],
  [
    'log, metrics, spans',
    /\/node_modules\/(pino[^/]*|sonic-boom|prom-client|@opentelemetry)\/|\/dist\/(metrics|tracing)\//,
  ],
  ['store', /\/dist\/store\//],
  ['verbs and rules', /\/dist\/(approvals|core|ledger|lifetime|server)\//],
  ['other packages', /\/node_modules\//],
]

/** Where nothing of a package or of ours is on the stack. */
const nodeItself = 'Node itself'

/** A map, because functions are also called `toString`. */
const special: ReadonlyMap<string, string> = new Map([
  ['(program)', 'native code, system calls'],
  ['(garbage collector)', 'garbage collection'],
])

/** Microseconds between two moments, by what they are spent on. Idle time is left out. */
export function sharesByKind(profile: CpuProfile, between: Window): Shares {
  return sumBy(profile, between, (url) => kinds.find(([, pattern]) => pattern.test(url))?.[0] ?? null)
}

/** The same, by package and by room of ours: `zod`, `dist/http`. */
export function sharesByPlace(profile: CpuProfile, between: Window): Shares {
  return sumBy(profile, between, placeOf)
}

export interface Window {
  readonly from: number
  readonly to: number
}

function placeOf(url: string): string | null {
  const found =
    /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ??
    /\/dist\/store\/(prisma)\//.exec(url)?.[1] ??
    /\/(dist\/[^/]+)\//.exec(url)?.[1] ??
    /^(node:internal\/deps\/undici|node:(?:_http|internal\/http))/.exec(url)?.[1]
  return found ?? null
}

/**
 * The time of a sample counts for the innermost frame that has a name by `nameOf`: what Node does for somebody is theirs.
 */
function sumBy(profile: CpuProfile, { from, to }: Window, nameOf: (url: string) => string | null): Shares {
  const names = namesOf(profile, nameOf)
  const shares = new Map<string, number>()
  let at = profile.startTime
  for (const [n, sample] of profile.samples.entries()) {
    const delta = profile.timeDeltas[n] ?? 0
    at += delta
    const name = names.get(sample)
    if (name === undefined || at < from || at > to) continue
    // A sample stands for the time until the next one.
    shares.set(name, (shares.get(name) ?? 0) + Math.max(0, profile.timeDeltas[n + 1] ?? 0))
  }
  return shares
}

/** By node of the call tree; idle ones have none. */
function namesOf({ nodes }: CpuProfile, nameOf: (url: string) => string | null): ReadonlyMap<number, string> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const names = new Map<number, string>()
  const visit = (node: ProfileNode, inherited: string): void => {
    const { functionName, url } = node.callFrame
    if (functionName === '(idle)') return
    const name = special.get(functionName) ?? nameOf(url) ?? inherited
    names.set(node.id, name)
    for (const child of node.children ?? []) {
      const next = byId.get(child)
      if (next) visit(next, name)
    }
  }
  const [root] = nodes
  if (root) visit(root, nodeItself)
  return names
}
