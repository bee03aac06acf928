/** The report's style sheet: for a page, a phone, paper, by day and by night. `--c-` names the colour of an ending. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf8; --card: #ffffff; --ink: #1f2428; --soft: #5b6269; --line: #e3dfd6; --accent: #1f5f8b; --calm: #2d6e50;
  --c-allowed: #9db4c8; --c-approved: #2f7d5b; --c-emergency: #d07a1f; --c-denied: #b23a2e; --c-refused: #7b4f8f; --c-expired: #c2a649; --c-cancelled: #bdb9b0;
  --bad: #9c2b20; --warn: #8a5a00;
  --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Source Serif 4", Cambria, Georgia, serif;
  --sans: system-ui, -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #15181b; --card: #1c2024; --ink: #e8e6e1; --soft: #a3a9af; --line: #30363b; --accent: #8cc2ea; --calm: #7fc8a3;
    --c-allowed: #64809a; --c-approved: #4fae83; --c-emergency: #e59a4a; --c-denied: #dd6a5c; --c-refused: #ab83c0; --c-expired: #cdb464; --c-cancelled: #6f7479;
    --bad: #f08d80; --warn: #e3b45c;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); font: 16px/1.55 var(--sans); -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 72rem; padding: 0 1.25rem 4rem; overflow-wrap: break-word; }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
a:focus-visible, summary:focus-visible, [tabindex]:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 0.5rem; background: var(--card); padding: 0.4rem 0.8rem; }
h1, h2, .headline b, .period { font-family: var(--serif); font-weight: 600; line-height: 1.2; text-wrap: balance; }
h1 { font-size: clamp(2rem, 6vw, 3.1rem); margin: 0; letter-spacing: -0.015em; }
h2 { font-size: 1.6rem; margin: 0 0 1rem; letter-spacing: -0.01em; }
h3 { font-size: 1rem; margin: 0 0 0.25rem; line-height: 1.35; }
p { margin: 0 0 1rem; max-width: 70ch; }
code { font-family: var(--mono); font-size: 0.82em; overflow-wrap: anywhere; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: 6px; padding: 0.75rem 1rem; white-space: pre-wrap; margin: 0 0 1.25rem; }
bdi { overflow-wrap: anywhere; }
td .name, tbody th .name { display: inline-block; min-width: 7.5rem; }
.entries h3 span { color: var(--soft); font-weight: 400; margin-right: 0.35em; font-variant-numeric: tabular-nums; }
time { white-space: nowrap; font-variant-numeric: tabular-nums; }
time span { color: var(--soft); }
header { padding: 3.5rem 0 1.75rem; border-bottom: 1px solid var(--line); }
.brand { font-size: 0.85rem; letter-spacing: 0.14em; text-transform: uppercase; color: var(--soft); margin-bottom: 0.6rem; }
.period { font-size: 1.35rem; font-weight: 400; color: var(--soft); margin: 0.5rem 0 1rem; }
.source, .note, figcaption + *, footer { color: var(--soft); }
.source, .note, footer { font-size: 0.9rem; }
.source { margin: 0; max-width: none; }
nav ol { list-style: none; display: flex; flex-wrap: wrap; gap: 0.15rem 1.4rem; margin: 0; padding: 1.1rem 0; font-size: 0.92rem; }
nav a { text-decoration: none; display: inline-block; padding: 0.15rem 0; }
nav a:hover { text-decoration: underline; }
main > section { border-top: 1px solid var(--line); padding: 2.5rem 0 1.5rem; }
.headline { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(3, 1fr); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.headline li { background: var(--card); padding: 1.1rem 1.25rem 1.2rem; display: flex; flex-direction: column; gap: 0.2rem; }
.headline b { font-size: 2.3rem; font-variant-numeric: lining-nums tabular-nums; letter-spacing: -0.02em; }
.headline b a { color: inherit; text-decoration: none; }
.headline b a:hover { color: var(--accent); text-decoration: underline; text-decoration-thickness: 2px; }
.headline .label { font-size: 0.92rem; font-weight: 600; }
.headline .note { line-height: 1.35; }
.calm { border-left: 3px solid var(--calm); padding-left: 1rem; }
.findings { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(2, 1fr); gap: 0.9rem 2.5rem; }
.findings li { border-left: 3px solid var(--c-emergency); padding: 0.05rem 0 0.05rem 1rem; }
.findings b, .findings span { display: block; }
.findings span { color: var(--soft); font-size: 0.92rem; }
figure { margin: 0 0 2.25rem; }
figcaption { font-weight: 600; margin-bottom: 0.5rem; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.15rem 1.1rem; margin: 0 0 0.6rem; padding: 0; font-size: 0.85rem; }
.legend svg { margin-right: 0.45em; }
.chart { margin: 0 0 1rem; }
.plot { --plot-background: var(--paper); display: block; height: auto; max-width: 100%; overflow: visible; color: var(--soft); font-family: var(--sans); }
.plot text { white-space: pre; }
.plot.wide { width: 100%; }
.plot.narrow { display: none; }
.c-allowed { fill: var(--c-allowed); } .c-approved { fill: var(--c-approved); } .c-emergency { fill: var(--c-emergency); } .c-denied { fill: var(--c-denied); }
.c-refused { fill: var(--c-refused); } .c-expired { fill: var(--c-expired); } .c-cancelled { fill: var(--c-cancelled); }
table { border-collapse: collapse; width: 100%; margin: 0 0 1.5rem; font-size: 0.92rem; }
caption { text-align: left; font-weight: 600; padding: 0 0 0.5rem; }
figure table caption, details table caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
th, td { text-align: left; vertical-align: top; padding: 0.45rem 1rem 0.45rem 0; border-bottom: 1px solid var(--line); font-weight: 400; }
thead th { color: var(--soft); font-size: 0.82rem; vertical-align: bottom; line-height: 1.25; }
tbody th { min-width: 9rem; }
td:last-child, th:last-child { padding-right: 0; }
table.slim { max-width: 44rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
thead .number { white-space: normal; }
.zero { color: var(--soft); }
.name { font-weight: 500; }
em { color: var(--soft); }
.mark { display: inline-block; border: 1px solid currentColor; border-radius: 999px; padding: 0 0.55em; font-size: 0.82rem; color: var(--soft); }
.mark a { color: inherit; }
.mark.overdue { color: var(--bad); } .mark.late { color: var(--warn); } .mark.on-time { color: var(--calm); }
details { margin-bottom: 1rem; }
summary { cursor: pointer; color: var(--accent); font-size: 0.92rem; margin-bottom: 0.75rem; }
.facts { margin: 0 0 1.5rem; display: grid; gap: 0.5rem; }
.facts div { display: grid; grid-template-columns: minmax(11rem, 20rem) 1fr; gap: 0 1rem; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; min-width: 0; }
.policies { list-style: none; margin: 0 0 1.5rem; padding: 0; }
.policies > li { border-left: 3px solid var(--line); padding: 0 0 0.25rem 1rem; margin-bottom: 1.25rem; }
.policies p { margin-bottom: 0.35rem; }
.policies .digest { color: var(--soft); font-size: 0.85rem; }
.parts { margin: 0; padding-left: 1.1rem; font-size: 0.92rem; }
.entries .list { padding: 0.9rem 0; scroll-margin-top: 1rem; }
.entries .list p { margin: 0; font-size: 0.88rem; color: var(--soft); }
.entries ul { list-style: none; margin: 0.35rem 0 0; padding: 0; font-size: 0.84rem; }
.entries li { padding: 0.15rem 0; border-bottom: 1px solid var(--line); }
.entries li b { display: inline-block; min-width: 4.5rem; font-variant-numeric: tabular-nums; }
.entries :target, .list:target { background: color-mix(in srgb, var(--accent) 9%, transparent); box-shadow: -0.75rem 0 0 color-mix(in srgb, var(--accent) 9%, transparent), 0.75rem 0 0 color-mix(in srgb, var(--accent) 9%, transparent); }
footer { border-top: 1px solid var(--line); padding-top: 1.25rem; }
@media (max-width: 46rem) {
  header { padding-top: 2rem; }
  .headline { grid-template-columns: repeat(2, 1fr); }
  .headline li { padding: 0.85rem 0.9rem; }
  .headline b { font-size: 1.75rem; }
  .findings { grid-template-columns: 1fr; }
  .facts div { grid-template-columns: 1fr; }
  .plot.wide { display: none; }
  .plot.narrow { display: block; width: 100%; }
  .headline li:last-child:nth-child(odd) { grid-column: 1 / -1; }
  table, tbody, tbody th, td, caption { display: block; }
  tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 0 1.5rem; }
  tr > :not(.number) { grid-column: 1 / -1; }
  td { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0.75rem; }
  td.number { grid-template-columns: minmax(0, 1fr) auto; text-align: right; white-space: normal; }
  td.number::before { text-align: left; }
  td .name, tbody th .name { display: inline; }
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  tr { border-bottom: 1px solid var(--line); padding: 0.6rem 0; }
  tbody th { font-weight: 600; }
  th, td { border: 0; padding: 0.1rem 0; white-space: normal; }
  td::before { content: attr(data-label); color: var(--soft); }
  td > * { min-width: 0; }
}
@media print {
  :root { --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #ccc; --accent: #000; --calm: #000; --bad: #000; --warn: #000; }
  @page { margin: 18mm 16mm; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  nav, .skip, summary { display: none; }
  header { padding-top: 0; }
  a { text-decoration: none; }
  time { white-space: normal; }
  th time span, td time span { display: block; white-space: nowrap; }
  a[data-list]::after { content: attr(data-list); font: 6pt/1 var(--sans); color: var(--soft); letter-spacing: 0; vertical-align: super; margin-left: 0.2em; }
  .headline { gap: 0; background: none; }
  .headline li { outline: 0.5px solid var(--line); }
  h2, h3, caption, figcaption, thead { break-after: avoid; }
  .entries .list p { break-after: avoid; }
  thead { display: table-header-group; }
  tr, .headline li, .findings li, .policies > li, .entries li, .chart, .legend, .facts div { break-inside: avoid; }
  .plot { max-height: 90mm; }
  main > section { padding: 1.5rem 0 0.5rem; }
  #volume, #ledger, #entries { break-before: page; }
  details::details-content { content-visibility: visible; display: block; block-size: auto; }
  rect, .legend svg { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .entries ul { font-size: 6.5pt; columns: 2; column-gap: 8mm; }
  .entries .list { padding: 0.5rem 0; }
  .back { display: none; }
}
`
