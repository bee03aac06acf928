import type { Ask } from '../../policy/ask.ts'
import { type Bundle, conditionsOf } from '../../policy/bundle.ts'
import { rootOf } from '../../policy/conditions/path.ts'

/** So many answers are kept; then it begins anew. An ask of more characters is not looked for. */
const most = { kept: 20_000, characters: 8_000 } as const

/**
 * Answers to asks that the bundles cannot tell apart: the same action and the same of everything else that a rule about the
 * action reads. Where none reads the time, when it was asked makes no difference.
 */
export class Alike<T> {
  private readonly bundles: readonly Bundle[]
  private readonly roots = new Map<string, ReadonlySet<string>>()
  private readonly answers = new Map<string, T>()

  constructor(bundles: readonly Bundle[]) {
    this.bundles = bundles
  }

  of(ask: Ask, answer: () => T): T {
    const key = this.keyOf(ask)
    const known = this.answers.get(key)
    if (known !== undefined) return known
    const made = answer()
    if (this.answers.size >= most.kept) this.answers.clear()
    if (key.length <= most.characters) this.answers.set(key, made)
    return made
  }

  private keyOf(ask: Ask): string {
    const { action, agent, initiator, request, at, ...others } = ask
    const looked = this.readOf(action.action)
    const { resource, params, environment } = action
    return JSON.stringify([
      action.action,
      resource.type,
      resource.id,
      environment,
      params,
      others,
      // Rules name agents, readers go by them, and an owner who has left changes what an allow comes to.
      agent.name,
      agent.owner?.left,
      looked.has('agent') && agent,
      looked.has('initiator') && initiator,
      looked.has('request') && request,
      looked.has('time') && at,
    ])
  }

  /** What the conditions of all rules about an action begin their paths with. */
  private readOf(action: string): ReadonlySet<string> {
    const known = this.roots.get(action)
    if (known) return known
    const rules = this.bundles.flatMap(({ candidates }) => candidates.get(action) ?? [])
    const refs = rules.flatMap(conditionsOf).flatMap(({ compiled }) => [...compiled.refs])
    const roots = new Set(refs.map(rootOf))
    this.roots.set(action, roots)
    return roots
  }
}
