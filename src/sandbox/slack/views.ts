/** Modals and Home tabs: a member's stack of at most three, each with a hash that changes with every update. */
import { randomBytes } from 'node:crypto'
import type { Block } from '../wire.ts'
import { checkView } from './blocks/check.ts'
import { isFields } from './blocks/shape.ts'
import { withIds } from './messages.ts'
import { SlackError, withMessages } from './slackError.ts'
import type { StoredView, Workspace } from './workspace.ts'

const stackLimit = 3
const viewBytes = 250_000

export interface ViewRules {
  readonly recentBlocks: boolean
}

/** Puts a modal on top of the member's stack. Throws `push_limit_reached` and what `parseView` throws. */
export function openModal(
  workspace: Workspace,
  rules: ViewRules,
  act: { owner: string; view: unknown },
): StoredView {
  const sent = parseView(workspace, rules, { view: act.view, type: 'modal' })
  const stack = workspace.modals.get(act.owner) ?? []
  if (stack.length >= stackLimit) throw new SlackError('push_limit_reached')
  const id = workspace.nextId('V')
  const view: StoredView = {
    id,
    type: 'modal',
    owner: act.owner,
    rootId: stack[0]?.id ?? id,
    previousId: stack.at(-1)?.id ?? null,
    hash: nextHash(workspace),
    sent,
  }
  workspace.modals.set(act.owner, [...stack, view])
  workspace.changed()
  return view
}

/** Replaces a view that is open. Throws `not_found`, `hash_conflict` when somebody was faster. */
export function updateView(
  workspace: Workspace,
  rules: ViewRules,
  act: {
    viewId: string | undefined
    externalId: string | undefined
    hash: string | undefined
    view: unknown
  },
): StoredView {
  const current = allViews(workspace).find(
    (view) =>
      view.id === act.viewId || (act.externalId !== undefined && view.sent.external_id === act.externalId),
  )
  const sent = parseView(workspace, rules, {
    view: act.view,
    type: current?.type ?? 'modal',
    self: current?.id,
  })
  if (current === undefined) throw new SlackError('not_found')
  if (act.hash !== undefined && act.hash !== current.hash) throw new SlackError('hash_conflict')
  const next = { ...current, sent, hash: nextHash(workspace) }
  put(workspace, next)
  return next
}

/** Publishes a member's Home. Throws `hash_conflict`, `user_not_found`. */
export function publishHome(
  workspace: Workspace,
  rules: ViewRules,
  act: { owner: string; hash: string | undefined; view: unknown },
): StoredView {
  const sent = parseView(workspace, rules, { view: act.view, type: 'home' })
  if (!workspace.members.has(act.owner)) throw new SlackError('user_not_found')
  const current = workspace.homes.get(act.owner)
  if (act.hash !== undefined && act.hash !== current?.hash) throw new SlackError('hash_conflict')
  const id = current?.id ?? workspace.nextId('V')
  const home: StoredView = {
    id,
    type: 'home',
    owner: act.owner,
    rootId: id,
    previousId: null,
    hash: nextHash(workspace),
    sent,
  }
  put(workspace, home)
  return home
}

/** The open view with this id, of whoever. */
export function findView(workspace: Workspace, id: string): StoredView | undefined {
  return allViews(workspace).find((view) => view.id === id)
}

/** Closes the member's modals from `view` upwards, or all of them, and gives those that were closed, top first. */
export function closeModals(workspace: Workspace, owner: string, from: StoredView | 'all'): StoredView[] {
  const stack = workspace.modals.get(owner) ?? []
  const keep = from === 'all' ? 0 : stack.findIndex((view) => view.id === from.id)
  if (keep < 0 || keep === stack.length) return []
  workspace.modals.set(owner, stack.slice(0, keep))
  workspace.changed()
  return stack.slice(keep).reverse()
}

/** The block ids of a view's inputs: the only ones that may carry an error. */
export function inputBlockIds(view: StoredView): string[] {
  return view.sent.blocks.flatMap((block) =>
    block.type === 'input' && typeof block.block_id === 'string' ? [block.block_id] : [],
  )
}

/** Reads a view as the app sent it. Throws `invalid_arguments` with Slack's messages, `view_too_large`. */
function parseView(
  workspace: Workspace,
  rules: ViewRules,
  given: { view: unknown; type: 'modal' | 'home'; self?: string | undefined },
): StoredView['sent'] {
  const { view, type } = given
  if (!isFields(view)) throw withMessages('invalid_arguments', ['[ERROR] missing required field: view'])
  if (Buffer.byteLength(JSON.stringify(view)) > viewBytes) throw new SlackError('view_too_large')
  const problems = checkView(view, rules)
  if (view.type !== type) problems.push(`[ERROR] must be one of: ${type} [json-pointer:/view/type]`)
  if (problems.length > 0) throw withMessages('invalid_arguments', problems)
  if (type === 'modal' && isTaken(workspace, view.external_id, given.self)) {
    throw new SlackError('duplicate_external_id')
  }
  return { ...view, blocks: withIds(workspace, blocksOf(view)) }
}

function isTaken(workspace: Workspace, externalId: unknown, self: string | undefined): boolean {
  if (typeof externalId !== 'string') return false
  return allViews(workspace).some((view) => view.sent.external_id === externalId && view.id !== self)
}

function blocksOf(view: Readonly<Record<string, unknown>>): Block[] {
  const blocks = Array.isArray(view.blocks) ? view.blocks.filter(isFields) : []
  return blocks.flatMap((block) => (typeof block.type === 'string' ? [{ ...block, type: block.type }] : []))
}

function allViews(workspace: Workspace): StoredView[] {
  return [...[...workspace.modals.values()].flat(), ...workspace.homes.values()]
}

function put(workspace: Workspace, view: StoredView): void {
  if (view.type === 'home') workspace.homes.set(view.owner, view)
  else {
    const stack = workspace.modals.get(view.owner) ?? []
    workspace.modals.set(
      view.owner,
      stack.map((one) => (one.id === view.id ? view : one)),
    )
  }
  workspace.changed()
}

function nextHash(workspace: Workspace): string {
  return `${Math.floor(workspace.now() / 1000)}.${randomBytes(4).toString('hex')}`
}
