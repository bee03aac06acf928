import { messageOf } from '../../ledger/logLine.ts'
import type { Listed, Ref } from './counting.ts'
import { code, type Html, html, type Piece } from './html.ts'
import { counted, moment, numberText } from './words.ts'

/** The lists of entries that figures lead to, as they are asked for while the page is written. */
export interface Lists {
  /** A number, or other words, as a link to its entries. Plain where there are none. */
  link(title: string, listed: Listed, words?: Piece): Html
  /** All of them, in the order of their figures. */
  section(exportCommand: string): Html
}

export function newLists(): Lists {
  const made: { readonly title: string; readonly listed: Listed }[] = []
  return {
    link(title, listed, words = numberText(listed.count)) {
      if (listed.count === 0) return html`<span class="zero">${words}</span>`
      const known = made.findIndex((one) => one.listed === listed)
      const nth = known < 0 ? made.push({ title, listed }) : known + 1
      // The way back leads to where it was shown first.
      return known < 0
        ? html`<a id="figure-${nth}" href="#entries-${nth}" data-list="${nth}">${words}</a>`
        : html`<a href="#entries-${nth}" data-list="${nth}">${words}</a>`
    },
    section: (exportCommand) => html`<section id="entries" class="entries" aria-labelledby="entries-title">
<h2 id="entries-title">The entries behind the figures</h2>
<p>Each figure leads here. An entry has a number in the ledger, a time in UTC, the request that it is about, and an id: <code>countersign audit proof</code> shows
that it stands in the tree. Of what is long, the first entries are listed; all of them: <code>${exportCommand}</code></p>
${made.map(({ title, listed }, nth) => listOf(nth + 1, title, listed))}
</section>`,
  }
}

function listOf(nth: number, title: string, { count, first }: Listed): Html {
  const cut = count > first.length ? html` <span>The first ${first.length} are listed.</span>` : null
  return html`<section id="entries-${nth}" class="list" tabindex="-1" aria-labelledby="entries-title-${nth}">
<h3 id="entries-title-${nth}"><span>${nth}</span> ${title}</h3>
<p>${counted(count, 'entry', 'entries')}.${cut} <a class="back" href="#figure-${nth}">Back to the figure</a></p>
<ul>${first.map(itemOf)}</ul>
</section>
`
}

function itemOf({ index, id, at, type, request }: Ref): Html {
  const about = request === null ? null : html` ${code(request)}`
  return html`<li><b>${numberText(index)}</b> ${moment(at)} <span>${messageOf(type)}</span>${about} ${code(id)}</li>
`
}
