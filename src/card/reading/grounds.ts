import { whoPassages, whyPassages } from '../grounds.ts'
import type { RequestView } from '../view.ts'
import type { WhoNow } from '../whoNow.ts'
import { onlyToRead, type WindowContent } from './window.ts'

/** The rules that fired and what they said. */
export function whyContent(view: RequestView): WindowContent {
  return { ...onlyToRead, title: 'Why am I asked?', passages: whyPassages(view), people: view.people }
}

/** Whose agreement is needed, who gave it, who comes next, who may break the glass, and who may not decide. */
export function whoContent(view: RequestView, now: WhoNow | null = null): WindowContent {
  const people = new Map([...(now?.people ?? []), ...view.people])
  return { ...onlyToRead, title: 'Who can decide?', passages: whoPassages(view, now), people }
}
