import type { KnownBlock } from '@slack/types'
import { whoPassages, whyPassages } from '../../card/grounds.ts'
import type { RequestView } from '../../card/view.ts'
import type { WhoNow } from '../../card/whoNow.ts'
import { blocksOf } from '../text/spans.ts'

/** The rules that fired, what could not be evaluated, and what only watches; for a window or a message. */
export function whyBlocks(view: RequestView): KnownBlock[] {
  return blocksOf(view.people, whyPassages(view))
}

/** Whose agreement is needed, who gave it, who comes next, who may break the glass, and who may not decide. */
export function whoBlocks(view: RequestView, now: WhoNow | null = null): KnownBlock[] {
  return blocksOf(new Map([...(now?.people ?? []), ...view.people]), whoPassages(view, now))
}
