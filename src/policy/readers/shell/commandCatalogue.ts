import type { Glob } from '../../glob.ts'

/** How far a command goes, weakest first; a command line goes as far as the furthest of its commands. */
export const tiers = ['names', 'contents', 'network', 'change', 'destroy'] as const
export type Tier = (typeof tiers)[number]

/** Where programs find settings that can make them run or fetch something else than their words say. */
export const settingPlaces = ['environment', 'home', 'directory'] as const
type SettingPlace = (typeof settingPlaces)[number]

/** How the commands of some agents run, by the operator's word (docs/policy.md#commandsyaml). */
export interface Running {
  readonly agents: 'all' | readonly Glob[]
  /** What takes a command line apart; `none`: there is none, the words are handed to the program as they are. */
  readonly shell: 'bash' | 'sh' | 'none'
  /** Places of settings that nobody but the operator writes to. */
  readonly settings: readonly SettingPlace[]
}

/**
 * What a word has to be. `path` and `contents` are paths of files, whose names or whose contents are read; `filename` is
 * a pattern of names; `command` is a command in the words that follow, `remote` one that a shell elsewhere reads again;
 * `text` is anything that `fits`.
 */
export interface Kind {
  readonly name: string
  readonly role: 'path' | 'contents' | 'filename' | 'host' | 'url' | 'command' | 'remote' | 'text'
  fits(text: string): boolean
}

/** Where operands stand: `one`, `maybe` one, `some` (at least one), `any` number. */
export interface Slot {
  readonly kind: Kind
  readonly times: 'one' | 'maybe' | 'some' | 'any'
}

export interface Flag {
  /** The first of its names. */
  readonly name: string
  /** `attached`: only `--flag=value` or `-fvalue`, and it may stand without one. */
  readonly takes: 'nothing' | 'value' | 'attached'
  /** Null where it takes nothing. */
  readonly kind: Kind | null
  /** How far it makes the command go, at least. */
  readonly raises: Tier | null
  /** Its value stands instead of the first operand. */
  readonly fills: boolean
}

/** A program or one of its subcommands. What it does not name is not known. */
export interface Entry {
  readonly tier: Tier
  /** By each of their names, with those of what it is a subcommand of. */
  readonly flags: ReadonlyMap<string, Flag>
  /** The first form that fits. */
  readonly operands: readonly (readonly Slot[])[]
  /** Flags, by their first name, without which nothing is known of it. */
  readonly needs: readonly string[]
  /** Any words may follow: only for what changes or destroys. */
  readonly anything: boolean
  /** It may stand without one of its subcommands. */
  readonly bare: boolean
  readonly subcommands: ReadonlyMap<string, Entry>
}

export interface Program extends Entry {
  /**
   * How it reads flags of one letter. `plain`: those that take nothing join, `-ab`; one that takes a value is a word of its
   * own, `-n 5`. `gnu`: as getopt of GNU does, also `-abn5`. `whole`: none of them joins, each flag is one word, `-name`.
   */
  readonly style: 'plain' | 'gnu' | 'whole'
  /** Where it finds settings that matter. */
  readonly settings: readonly SettingPlace[]
  /** It runs what follows with the rights of somebody else. */
  readonly elevates: boolean
  /** What is no subcommand is a service and one of its operations, which a table knows. */
  readonly operations: 'aws' | null
  /** `--help` as the only word behind a subcommand explains it, whatever it does: that is looked at before anything else. */
  readonly explains: boolean
}

export interface CommandCatalogue {
  readonly runs: readonly Running[]
  /** Directories in which a program has the name that it is known by. */
  readonly directories: readonly string[]
  /** Files and directories whose contents may be read, as absolute paths. */
  readonly roots: readonly string[]
  /** Names of files and directories that are never looked at, in lower case. */
  readonly secret: readonly Glob[]
  readonly programs: ReadonlyMap<string, Program>
  /** What the file says, part by part and program by program (`program ls`), as RFC 8785 text: for whoever compares two. */
  readonly written: ReadonlyMap<string, string>
}

/** Of a bundle without commands.yaml: no command is known, and nobody said how one runs. */
export const noCommands: CommandCatalogue = {
  runs: [],
  directories: [],
  roots: [],
  secret: [],
  programs: new Map(),
  written: new Map(),
}

/** The further of two. */
export function further(left: Tier, right: Tier | null): Tier {
  return right !== null && tiers.indexOf(right) > tiers.indexOf(left) ? right : left
}
