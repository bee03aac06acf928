import type { Figures } from '../figures.ts'
import { code, type Html, html, theirs } from '../html.ts'
import type { Lists } from '../lists.ts'

/** What every section is written with. */
export interface Page {
  readonly figures: Figures
  readonly lists: Lists
}

/** A part of the page, and its line in the table of contents. */
export interface Section {
  readonly id: string
  readonly title: string
  readonly body: Html
}

/** A person by id, with the name that the record has for them. */
export function person({ figures }: Page, id: string): Html {
  const { names } = figures.people
  const name = names.get(id)
  if (name === undefined) return code(id)
  return html`<span class="name">${name === null ? html`<em>erased</em>` : theirs(name)}</span> ${code(id)}`
}

/** An action as it was asked; words in its place when the record does not say it any more. */
export function action(name: string | null): Html {
  return name === null ? html`<em>not known</em>` : html`<bdi class="name">${name}</bdi>`
}

export function legend(items: readonly { readonly ending: string; readonly label: string }[]): Html {
  return html`<ul class="legend" aria-hidden="true">${items.map(
    ({ ending, label }) =>
      html`<li><svg width="10" height="10" viewBox="0 0 10 10"><rect width="10" height="10" rx="2" class="c-${ending}"/></svg>${label}</li>`,
  )}</ul>`
}
