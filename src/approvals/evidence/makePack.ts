import { createHash } from 'node:crypto'
import { csvText } from '../../evidence/csvText.ts'
import { definitionsText } from '../../evidence/definitions.ts'
import { treeText } from '../../evidence/packLines.ts'
import { type PackFacts, readmeText } from '../../evidence/readme.ts'
import type { Span } from '../../evidence/recorded.ts'
import { storyOf } from '../../evidence/story.ts'
import { storyFiles } from '../../evidence/storyFiles.ts'
import { type Group, rowsOf } from '../../evidence/tableRows.ts'
import type { Table } from '../../evidence/tableShape.ts'
import { tables } from '../../evidence/tables.ts'
import { newTally, type Tally } from '../../evidence/tally.ts'
import { leafHash } from '../../ledger/hashes.ts'
import { publicPem, verifierKey } from '../../ledger/note.ts'
import { TreeFault } from '../ledger/ledgerStore.ts'
import { type Gathered, gather } from './gather.ts'
import type { PackAsk, Packed, PackSink, PackSource, Spool } from './pack.ts'
import { openAnchorage } from './packAnchored.ts'
import { type Gaps, packGaps, proveGaps, readGaps, refuseOtherGaps } from './packGaps.ts'
import { packGrantKeys } from './packGrantKeys.ts'
import { packNeighbours, proveNeighbours, readNeighbours } from './packNeighbours.ts'
import { packPolicies } from './packPolicies.ts'
import { beginReport } from './packReport.ts'

/**
 * Makes the evidence of a period, file by file, always the same of the same record. Nothing grows with the number of entries but 40 bytes
 * for each of no request: a page of entries is held, or one request. The report keeps what it lists (`beginFigures`).
 *
 * @throws TreeFault when the record does not make the tree that was signed, or has holes
 */
export async function makePack(source: PackSource, sink: PackSink, ask: PackAsk): Promise<Packed> {
  const { range } = ask
  const gaps = await readGaps(source)
  const neighbours = await readNeighbours(source, ask)
  const tally = newTally(source.key.name, range, spanOf(ask))
  const reports = await openReports(sink, tally)
  const report = await beginReport(source, ask)
  const anchorage = await openAnchorage(source, sink, { ask, gaps })
  const gathered = await gather(source, sink, {
    ask,
    tally,
    passed: (page) => report?.page(page),
    stray: (line) => reports.add({ all: [line], range, span: spanOf(ask) }),
    grown: anchorage.grown,
  })
  refuseOtherGaps(gaps, gathered, ask)
  const facts = factsOf(source, { ask, gathered, gaps })
  await sink.file('README.md', readmeText(facts))
  await sink.file('verify.py', ask.verifier)
  if (report) await sink.file('report.html', await report.end())
  await packTree(source, sink, gathered, ask)
  await packGaps(sink, gaps, source)
  await packNeighbours(sink, neighbours)
  await anchorage.end()
  for (const lines of ['earlier.ndjson', 'entries.ndjson', 'values.ndjson']) await sink.add(lines)
  await packPolicies(source, sink, { gathered, range })
  await packProofs(sink, gathered, gaps)
  await proveNeighbours(sink, neighbours)
  const requests = await packRequests(source, sink, { ask, gathered, reports })
  await reports.end(gathered, ask)
  const { files, sha256 } = await sink.sums('SHA256SUMS')
  const size = source.head.size
  await sink.last(
    'manifest.json',
    `${JSON.stringify({ v: 1, ...facts, tree_size: size, requests, files, sums: { file: 'SHA256SUMS', sha256 } }, null, 2)}\n`,
  )
  return { entries: gathered.entries, requests, files }
}

/** Whose times count. */
function spanOf({ period }: PackAsk): Span {
  return period ?? { since: null, until: null }
}

interface Known {
  readonly ask: PackAsk
  readonly gathered: Gathered
  readonly gaps: Gaps
}

function factsOf({ key }: PackSource, { ask, gathered, gaps }: Known): PackFacts {
  const { range, about, period, version } = ask
  return {
    origin: key.name,
    names: gaps.names,
    gaps: gaps.facts,
    workspace: gathered.workspace,
    version,
    since: period?.since ?? null,
    until: period?.until ?? null,
    ...range,
    entries: gathered.entries,
    earlier: gathered.earlier,
    about: about && `${about.kind} ${about.id}`,
  }
}

async function packTree(source: PackSource, sink: PackSink, gathered: Gathered, ask: PackAsk): Promise<void> {
  const { start, end } = gathered
  const { from, to } = ask.range
  const consistency = end ? await source.consistency(to) : []
  await packGrantKeys(source, sink, gathered)
  await sink.file('keys/ledger.txt', `${verifierKey(source.key)}\n`)
  await sink.file('keys/ledger.pem', publicPem(source.key))
  await sink.file('log/checkpoint', source.head.checkpoint)
  await sink.file(
    'log/tree.json',
    treeText({
      ...{ from, to },
      start: {
        root: start.root.toString('base64'),
        subtrees: start.subtrees.map(({ leaves, hash }) => ({ leaves, hash: hash.toString('base64') })),
      },
      end: end && {
        root: end.toString('base64'),
        consistency: consistency.map((hash) => hash.toString('base64')),
      },
    }),
  )
}

/** Those of requests are in their folders. */
async function packProofs(sink: PackSink, { loose }: Gathered, gaps: Gaps): Promise<void> {
  for (const leaf of loose.all()) await sink.proof(`proofs/${leaf.index}.tlog-proof`, leaf)
  await proveGaps(sink, gaps)
}

/** One folder for each, and its rows of the reports. */
async function packRequests(
  source: PackSource,
  sink: PackSink,
  {
    ask,
    gathered,
    reports,
  }: { readonly ask: PackAsk; readonly gathered: Gathered; readonly reports: Reports },
): Promise<number> {
  let requests = 0
  for await (const all of source.records.ofEach(ask.range, ask.about ?? undefined)) {
    const request = all[0]?.entry.request
    if (!request) continue
    if (!/^[\w-]+$/.test(request))
      throw new TreeFault('a request of the record has no id that can name a folder')
    requests += 1
    // Of a request without its asking nobody can tell who is behind it.
    if (ask.about === null && !all.some(({ entry }) => entry.type === 'request.submitted'))
      throw new TreeFault(`the asking of ${request} is missing`)
    const story = storyOf(all, gathered.undoneBy.get(request) ?? [])
    for (const { path, text } of story ? storyFiles(story) : []) await sink.file(path, text)
    for (const { index, leaf } of all)
      await sink.proof(`requests/${request}/${index}.tlog-proof`, {
        index,
        hash: leafHash(Buffer.from(leaf)),
      })
    await reports.add({ all, range: ask.range, span: spanOf(ask) })
  }
  return requests
}

interface Reports {
  add(group: Group): Promise<void>
  end(gathered: Gathered, ask: PackAsk): Promise<void>
}

async function openReports(sink: PackSink, tally: Tally): Promise<Reports> {
  const spools = new Map<Table, Spool>()
  for (const table of tables) {
    const spool = await sink.spool(`reports/${table.file}`)
    await spool.write(csvText([table.columns.map(({ name }) => name)]))
    spools.set(table, spool)
  }
  const write = async (table: Table, group: Group): Promise<void> => {
    const rows = rowsOf(table, group)
    if (rows.length === 0) return
    tally.rows(table, rows)
    await spools.get(table)?.write(csvText(rows))
  }
  return {
    async add(group) {
      for (const table of tables) if (table.by === 'request') await write(table, group)
    },
    async end({ subjects }, ask) {
      const of = { range: ask.range, span: spanOf(ask), acts: tally.acts }
      for (const table of tables) {
        if (table.by === 'subject') for (const all of subjects.values()) await write(table, { all, ...of })
        await sink.add(`reports/${table.file}`)
      }
      await sink.file('reports/definitions.json', definitionsText())
      await sink.file('reports/control-matrix.json', `${JSON.stringify(tally.matrix(), null, 2)}\n`)
    },
  }
}

/** How `sha256sum` writes a line. */
export function sumLine(path: string, sha256: string): string {
  return `${sha256}  ${path}\n`
}

export function sha256Of(text: string | Uint8Array): string {
  return createHash('sha256').update(text).digest('hex')
}
