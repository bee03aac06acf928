import { messageOf } from '../../../ledger/logLine.ts'
import { code, html } from '../html.ts'
import { table } from '../table.ts'
import { counted, numberText } from '../words.ts'
import type { Page, Section } from './page.ts'

/** Where the figures come from, how far they go, and how somebody verifies that. */
export function ledger({ figures, lists }: Page): Section {
  const { origin, range, root, types } = figures.ledger
  const count = range.to - range.from
  const rows = types.map(({ type, entries }) => [
    messageOf(type),
    code(type),
    lists.link(messageOf(type), entries),
  ])
  const columns = [{ label: 'What' }, { label: 'Type' }, { label: 'Entries', numeric: true }]
  const which =
    count === 0
      ? 'none'
      : `${numberText(range.from)} to ${numberText(range.to - 1)}, ${counted(count, 'entry', 'entries')}`
  return {
    id: 'ledger',
    title: 'The ledger',
    body: html`<p>Every figure here was counted from the entries of the ledger, and nothing else. Over them stands one tree of hashes (RFC 6962); whoever kept
a checkpoint elsewhere can tell that none was changed, left out or put in since.</p>
<dl class="facts">
<div><dt>Origin</dt><dd>${code(origin)}</dd></div>
<div><dt>Entries of the period</dt><dd>${which}</dd></div>
<div><dt>Size of the tree at the end of the period</dt><dd>${numberText(range.to)}</dd></div>
<div><dt>Its root</dt><dd>${code(root)}</dd></div>
</dl>
<p>The root was computed from the entries while they were counted. A checkpoint of that size, wherever it was kept, has the same one. To verify the whole
ledger against a checkpoint that you kept:</p>
<pre><code>countersign audit verify --checkpoint checkpoint.txt --key "$(cat key.txt)"</code></pre>
<p>To see that one entry of this report stands in the tree:</p>
<pre><code>countersign audit proof ent_…</code></pre>
${rows.length === 0 ? null : table('Everything in the period, each entry once', columns, rows)}`,
  }
}
