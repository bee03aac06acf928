import { z } from 'zod'
import { settingPlaces, tiers } from '../readers/shell/commandCatalogue.ts'
import { mapping, pairs, pattern, properties, text, words } from './shape.ts'

const word = { pattern: /^[A-Za-z0-9_.@+[-][A-Za-z0-9_.@+:-]{0,63}$/, says: 'must be a name without blanks' }
const flagNames = /^-[A-Za-z0-9?#@-][A-Za-z0-9_.-]{0,63}(\|-[A-Za-z0-9?#@-][A-Za-z0-9_.-]{0,63}){0,5}$/
const flagKey = {
  pattern: flagNames,
  says: 'must be a flag with its dashes, or several names of one joined by |',
}
const flags = words(flagKey)
const kind = text(512)
const form = z.string().max(512, 'must have at most 512 characters')
const directory = z
  .string()
  .regex(/^(\/[A-Za-z0-9_.@+-]+)+$/, 'must be an absolute path without a slash at its end')

const own = {
  tier: z.enum(tiers).exactOptional(),
  also: words(word).exactOptional(),
  switches: flags.exactOptional(),
  values: pairs(flagKey, kind).exactOptional(),
  attached: pairs(flagKey, kind).exactOptional(),
  raises: pairs(flagKey, z.enum(tiers)).exactOptional(),
  fills: flags.exactOptional(),
  needs: flags.exactOptional(),
  operands: z.union([form, z.array(form).max(8, 'must have at most 8 forms')]).exactOptional(),
  anything: z.literal(true).exactOptional(),
  bare: z.literal(true).exactOptional(),
}

/** Subcommands of subcommands: nothing has more of them (`docker compose ls`, `gcloud compute instances list`). */
const deepest = properties(own)
const deeper = properties({ ...own, subcommands: mapping(word, deepest).exactOptional() })
const inner = properties({ ...own, subcommands: mapping(word, deeper).exactOptional() })
const program = properties({
  ...own,
  style: z.enum(['plain', 'gnu', 'whole']).exactOptional(),
  settings: z.array(z.enum(settingPlaces)).exactOptional(),
  elevates: z.literal(true).exactOptional(),
  operations: z.literal('aws').exactOptional(),
  explains: z.literal(true).exactOptional(),
  subcommands: mapping(word, inner).exactOptional(),
})

/** commands.yaml: what programs do with which words, and how the commands of agents run (docs/policy.md#commandsyaml). */
export const commandsSchema = properties({
  apiVersion: z.literal('countersign/v1'),
  kind: z.literal('CommandCatalogue'),
  runs: z
    .array(
      properties({
        agents: z.union([z.literal('all'), z.array(pattern).min(1, 'must name an agent')]),
        shell: z.enum(['bash', 'sh', 'none']),
        settings: z.array(z.enum(settingPlaces)),
      }),
    )
    .max(50, 'must have at most 50 entries')
    .exactOptional(),
  directories: z.array(directory).exactOptional(),
  paths: properties({
    contents: z.array(directory),
    secret: z.array(pattern).max(200, 'must have at most 200 patterns'),
  }).exactOptional(),
  kinds: mapping(
    { pattern: /^[a-z][a-z0-9-]{0,63}$/, says: 'must be lower-case letters, digits and dashes' },
    z.union([text(512), z.array(text(128)).min(1, 'must have a word')]),
  ).exactOptional(),
  programs: mapping(word, program),
})

export type CommandsShape = z.infer<typeof commandsSchema>
/** What programs and their subcommands have in common. */
export type EntryShape = z.infer<typeof deepest> & {
  readonly subcommands?: ReadonlyMap<string, EntryShape>
}
export type ProgramShape = z.infer<typeof program>
