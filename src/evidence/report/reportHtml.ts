import { createHash } from 'node:crypto'
import type { Figures } from './figures.ts'
import { html, textOf, trusted } from './html.ts'
import { newLists } from './lists.ts'
import { agents } from './sections/agents.ts'
import { attempts } from './sections/attempts.ts'
import { attention } from './sections/attention.ts'
import { changes } from './sections/changes.ts'
import { deciders, times } from './sections/deciding.ts'
import { denials } from './sections/denials.ts'
import { emergencies } from './sections/emergencies.ts'
import { execution } from './sections/execution.ts'
import { headline } from './sections/headline.ts'
import { ledger } from './sections/ledger.ts'
import type { Page, Section } from './sections/page.ts'
import { record } from './sections/record.ts'
import { volume } from './sections/volume.ts'
import { style } from './style.ts'
import { counted, periodText } from './words.ts'

/** In the order in which they are read. */
const sections: readonly ((page: Page) => Section)[] = [
  ...[headline, attention, volume, times, deciders, denials],
  ...[emergencies, execution, attempts, agents, changes, record, ledger],
]

/**
 * The report as one file: no script, nothing from elsewhere, and a policy that forbids both. The same figures give the same bytes.
 *
 * It needs the chart library, which takes a while to load: import it where it is needed.
 */
export function reportHtml(figures: Figures): string {
  const lists = newLists()
  const written = sections.map((section) => section({ figures, lists }))
  const { period, ledger: of } = figures
  const entries = lists.section(
    `countersign audit export --from ${period.since} --to ${period.until} --format csv`,
  )
  const styleHash = createHash('sha256').update(style).digest('base64')
  return textOf(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>Audit report, ${periodText(period)}</title>
<style>${trusted(style)}</style>
</head>
<body>
<a class="skip" href="#overview">To the figures</a>
<header>
<p class="brand">Countersign</p>
<h1>Audit report</h1>
<p class="period">${periodText(period)}</p>
<p class="source">Counted from ${counted(of.range.to - of.range.from, 'entry', 'entries')} of the ledger <code>${of.origin}</code>. Times are in UTC.</p>
</header>
<nav aria-label="Contents"><ol>${written.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}<li><a href="#entries">The entries</a></li></ol></nav>
<main>
${written.map(
  ({ id, title, body }) => html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading">${title}</h2>
${body}
</section>
`,
)}${entries}
</main>
<footer><p>A person's second signature on what agents do. This file holds no script and loads nothing.</p></footer>
</body>
</html>
`)
}
