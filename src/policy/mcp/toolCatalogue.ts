import { canonical } from '../../core/canonical.ts'
import type { Json, JsonObject } from '../../core/json.ts'
import { serverPath } from '../format/files.ts'
import type { Shaped } from '../format/read.ts'
import type { ServerShape, ToolShape } from '../format/serverSchema.ts'
import type { Fault } from '../problem.ts'
import type { CataloguedTool, ToolCatalogue } from './reviewedTool.ts'

/** What is wrong with a server's file beyond its form: another name than that of the file, a tool that stands twice. */
export function serverFaults({ source, shape }: Shaped<ServerShape>): readonly Fault[] {
  const at = serverPath(shape.server)
  const named: readonly Fault[] =
    source.file === at
      ? []
      : [
          {
            path: ['server'],
            code: 'schema/value',
            message: `The file of this server is ${at}: rename one of them.`,
          },
        ]
  const seen = new Set<string>()
  const twice = shape.tools.flatMap(({ name }, index): readonly Fault[] => {
    if (!seen.has(name)) {
      seen.add(name)
      return []
    }
    const message = `The tool ${JSON.stringify(name)} stands above: keep one.`
    return [{ path: ['tools', index, 'name'], code: 'schema/value', message }]
  })
  return [...named, ...twice]
}

export function toolCatalogueOf(servers: readonly Shaped<ServerShape>[]): ToolCatalogue {
  return new Map(
    servers.map(({ source, shape }) => [
      shape.server,
      new Map(shape.tools.map((tool, index) => [tool.name, catalogued(tool, lineAt(source.value, index))])),
    ]),
  )
}

function catalogued(tool: ToolShape, written: Json): CataloguedTool {
  const { name, digest, effect, outside, reviewed } = tool
  return {
    name,
    digest,
    effect,
    outside,
    arguments: tool.arguments ?? new Map(),
    reviewed: reviewed !== false,
    written: canonical([written]),
  }
}

function lineAt(file: Json, index: number): Json {
  const { tools } = file as JsonObject // it has the shape of a server's file
  return (Array.isArray(tools) ? tools[index] : null) ?? null
}
