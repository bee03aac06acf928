import type { Digest } from '../../core/digest.ts'
import type { Param } from '../catalogue.ts'

/** What calling a tool does, least first. `secrets`: it only reads, and what it reads are credentials. */
export const toolEffects = ['read', 'secrets', 'write', 'destroy', 'admin'] as const
export type ToolEffect = (typeof toolEffects)[number]

/** What a value of an argument means: then it is read, by the reader of that kind, into facts of the call. */
export const argumentKinds = ['recipient', 'url', 'path', 'amount'] as const
export type ArgumentKind = (typeof argumentKinds)[number]

export interface ToolArgument extends Pick<Param, 'type' | 'optional'> {
  readonly is?: ArgumentKind
}

/** One tool as mcp/<server>.yaml has it: what an import drafted, and people corrected. */
export interface CataloguedTool {
  /** As the server spells it. */
  readonly name: string
  /** Of the definition that the line is about (toolDigest.ts). */
  readonly digest: Digest
  readonly effect: ToolEffect
  /** Whether what it is given can leave the operator's own systems. */
  readonly outside: boolean
  readonly arguments: ReadonlyMap<string, ToolArgument>
  /** Whether somebody has looked at it. Until then nothing that the line says counts. */
  readonly reviewed: boolean
  /** The whole line in its canonical form, to compare it with another. */
  readonly written: string
}

/** The servers of a bundle by the names that requests have for them, each with its tools by their names. */
export type ToolCatalogue = ReadonlyMap<string, ReadonlyMap<string, CataloguedTool>>
