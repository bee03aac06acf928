import type { RequestView } from '../../src/card/view.ts'
import type { Json } from '../../src/core/json.ts'
import { exportWith } from '../card/situationParts.ts'
import { inTeams } from './inTeams.ts'

type Params = Record<string, Json>

const idOf = (nth: number) => `req_01kb00000000000000000000${String(nth).padStart(2, '0')}`
const set = { id: 'set_01kb0000000000000000000000', card: idOf(0) }

/** A card that asks about several requests together, each with its parameters. */
export function togetherView(
  params: readonly Params[],
  change: Parameters<typeof exportWith>[0] = {},
): RequestView {
  return carried(params.map((one, nth) => exportWith({ id: idOf(nth), set, params: one, ...change })))
}

/** A card on which stand so many requests for the same. */
export function alikeView(
  count: number,
  params: Params,
  change: Parameters<typeof exportWith>[0] = {},
): RequestView {
  const lines = Array.from({ length: count }, (_, nth) => nth).map((nth) =>
    exportWith({
      id: idOf(nth),
      params,
      reason: `For the ${nth + 1}. board`,
      ...(nth > 0 && { alike: { card: idOf(0), line: nth + 1 } }),
      ...change,
    }),
  )
  return carried(lines)
}

function carried(lines: readonly RequestView[]): RequestView {
  const [first] = lines
  if (!first) throw new Error('a line is expected')
  return inTeams({ ...first, lines })
}
