/** What something says, by the name of the property. */
export type Properties = ReadonlyMap<string, string>

/**
 * What changed between two sets of named things, one line for each property: `data.export expires_in: 1h → 30m`. What is
 * new stands whole behind a `+`, what is gone behind a `-`.
 */
export function changedLines(
  before: ReadonlyMap<string, Properties>,
  after: ReadonlyMap<string, Properties>,
): readonly string[] {
  const ids = [...new Set([...before.keys(), ...after.keys()])].sort()
  return ids.flatMap((id) => {
    const [old, now] = [before.get(id), after.get(id)]
    if (!old || !now) return wholeLines(`${now ? '+' : '-'} ${id}`, now ?? old ?? new Map())
    return [...new Set([...old.keys(), ...now.keys()])].flatMap((name) => {
      const [from, to] = [old.get(name) ?? none, now.get(name) ?? none]
      return from === to ? [] : [`${id} ${name}: ${differing(from, to)}`]
    })
  })
}

const none = 'none'

function wholeLines(id: string, properties: Properties): readonly string[] {
  return [...properties].map(([name, text]) => `${id} ${name}: ${text}`)
}

/** Characters of what stays that are shown beside what differs, and up to which a text is shown whole. */
const beside = 40

/** `1h → 30m`; of a long text what differs and what stands around it: `… && params.rows <= «1000 → 5000» && …`. */
function differing(from: string, to: string): string {
  if (Math.max(from.length, to.length) <= 2 * beside) return `${from} → ${to}`
  const [start, end] = ends(from, to)
  const [old, now] = [from, to].map((text) => text.slice(start, text.length - end))
  const first = Math.max(0, start - beside)
  const before = `${first > 0 ? '…' : ''}${from.slice(first, start)}`
  const after = `${from.slice(from.length - end).slice(0, beside)}${end > beside ? '…' : ''}`
  return `${before}«${old} → ${now}»${after}`
}

/** How many characters two texts share at their beginnings and at their ends, not cutting a word or a number in two. */
function ends(from: string, to: string): readonly [start: number, end: number] {
  const most = Math.min(from.length, to.length)
  let start = 0
  while (start < most && from[start] === to[start]) start += 1
  while (start > 0 && /\w/.test(from[start - 1] ?? '')) start -= 1
  let end = 0
  while (end < most - start && from.at(-1 - end) === to.at(-1 - end)) end += 1
  while (end > 0 && /\w/.test(from.at(-end) ?? '')) end -= 1
  return [start, end]
}
