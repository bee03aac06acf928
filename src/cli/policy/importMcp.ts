import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Json } from '../../core/json.ts'
import { serverPath } from '../../policy/format/files.ts'
import { type ServerShape, serverName, serverSchema } from '../../policy/format/serverSchema.ts'
import { readShape } from '../../policy/format/shape.ts'
import { parseYaml } from '../../policy/format/yaml.ts'
import { type Imported, importServer } from '../../policyTools/mcp/importServer.ts'
import { importText } from '../../policyTools/mcp/importText.ts'
import { serverText } from '../../policyTools/mcp/serverFile.ts'
import { pagesIn, readToolList } from '../../policyTools/mcp/toolList.ts'
import { StartFault } from '../../server/startFault.ts'
import { readBundleDirectory } from '../../store/bundleDirectory.ts'
import { type Annotation, type Format, type Printed, printed } from './printed.ts'

export interface ImportMcpOptions {
  readonly format: Format
  readonly check?: boolean
  readonly redraft?: boolean
}

/** What to import, as it stands on the command line. No pages: standard input. */
interface Named {
  readonly directory: string
  readonly server: string
  readonly pages: readonly string[]
}

/**
 * Writes what a server lists into the bundle, or with `check` only says whether it is what stands there. What people wrote of a tool stays
 * while its definition is the same. Exit code 1 when `check` finds a difference.
 *
 * @throws StartFault when a page or the file of the server cannot be read, StoreFault when the bundle cannot
 */
export function importMcpCommand(named: Named, { format, check, redraft }: ImportMcpOptions): Printed {
  const { directory, server, pages } = named
  if (!serverName.test(server))
    throw new StartFault({
      problem: `"${server}" cannot be the name of a server: it is letters, digits, dots, dashes and underscores, at most 64.`,
      fix: 'Use the name that requests have for it, such as docs-search.',
    })
  const path = serverPath(server)
  const before = fileBefore(readBundleDirectory(directory).get(path), path)
  const listed = readToolList((pages.length === 0 ? ['-'] : pages).flatMap(pageIn))
  if ('wrong' in listed)
    throw new StartFault({ problem: listed.wrong, fix: 'Get the list again, as docs/policy.md#mcp says.' })
  const imported = importServer(listed.tools, { server, before, ...(redraft && { redraft }) })
  if (!check) write(join(directory, path), readable(serverText(imported.file), path))
  const forms = {
    text: () => importText(imported, path),
    json: () => ({ path, differs: imported.differs, ...summaryOf(imported) }),
    github: () => annotationsOf(imported, join(directory, path)),
  }
  return printed(format, forms, check && imported.differs ? 1 : 0)
}

function fileBefore(text: string | undefined, path: string): ServerShape | null {
  if (text === undefined) return null
  return shapeIn(
    text,
    path,
    'Correct it, or remove the file to begin anew: then nothing of it is reviewed any more.',
  )
}

/** What is written over what people reviewed has to load, whatever a server lists. */
function readable(text: string, path: string): string {
  shapeIn(text, path, 'Nothing was written. Whoever runs the server has to list less, or write it otherwise.')
  return text
}

function shapeIn(text: string, path: string, fix: string): ServerShape {
  const parsed = parseYaml(path, text)
  const read = 'problems' in parsed ? parsed : readShape(parsed.source, [], serverSchema)
  if ('shape' in read) return read.shape
  const [first] = read.problems
  const problem = `${path}:${first?.line ?? 1}:${first?.column ?? 1} ${first?.message ?? 'It does not load.'}`
  throw new StartFault({ problem, fix })
}

function pageIn(file: string): readonly Json[] {
  const name = file === '-' ? 'Standard input' : file
  try {
    return pagesIn(readFileSync(file === '-' ? 0 : file, 'utf8'))
  } catch (cause) {
    const isJson = cause instanceof SyntaxError
    throw new StartFault({
      problem: isJson ? `${name} is not JSON.` : `${name} could not be read.`,
      fix: 'Give the answer of tools/list as it came: one page in a file, or a page on each line.',
      cause,
    })
  }
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  } catch (cause) {
    throw new StartFault({
      problem: `${path} could not be written.`,
      fix: 'Name a bundle that you may write to.',
      cause,
    })
  }
}

function summaryOf({ file, news }: Imported): object {
  const named = (is: string) =>
    news.flatMap((one) => (one.is === is ? [one.is === 'gone' ? one.before.name : one.tool.name] : []))
  return {
    server: file.server,
    new: named('new'),
    changed: named('changed'),
    gone: named('gone'),
    unreviewed: file.tools
      .filter(({ reviewed }) => reviewed === false)
      .map(({ name, unsure = [] }) => ({ name, unsure })),
  }
}

function annotationsOf(imported: Imported, file: string): readonly Annotation[] {
  return [
    {
      level: imported.differs ? 'warning' : 'notice',
      title: 'policy import-mcp',
      message: importText(imported, file),
      at: { file, line: 1, column: 1 },
    },
  ]
}
