import { type Html, html, type Piece } from './html.ts'

export interface Column {
  readonly label: string
  /** To the right, in figures of one width. */
  readonly numeric?: boolean
}

/**
 * A table. On a phone each row stands as a block under its first cell, with the columns' labels beside the values: the roles say that it is a
 * table all the same.
 */
export function table(
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Piece[])[],
): Html {
  const heads = columns.map(
    ({ label, numeric }) =>
      html`<th scope="col" role="columnheader"${numeric ? numericClass : null}>${label}</th>`,
  )
  // Few columns stand closer together than the page is wide.
  const slim = columns.length <= 3 ? html` class="slim"` : null
  return html`<table role="table"${slim}>
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${heads}</tr></thead>
<tbody role="rowgroup">
${rows.map((cells) => rowOf(columns, cells))}</tbody>
</table>
`
}

const numericClass = html` class="number"`

function rowOf(columns: readonly Column[], cells: readonly Piece[]): Html {
  const all = cells.map((cell, nth) => {
    const { label = '', numeric = false } = columns[nth] ?? {}
    return nth === 0
      ? html`<th scope="row" role="rowheader">${cell}</th>`
      : html`<td role="cell" data-label="${label}"${numeric ? numericClass : null}><div>${cell}</div></td>`
  })
  return html`<tr role="row">${all}</tr>
`
}

/** What is shown of something long: the first rows; how many more there are is said beneath. */
export function firstRows<T>(
  all: readonly T[],
  most: number,
): { readonly shown: readonly T[]; readonly more: Html } {
  const rest = all.length - most
  return {
    shown: all.slice(0, most),
    more: rest > 0 ? html`<p class="note">${rest} more are not shown here.</p>` : html``,
  }
}
