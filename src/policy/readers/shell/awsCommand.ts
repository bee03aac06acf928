import { readAws } from '../aws/aws.ts'
import { calledWithDashes } from '../aws/calledWithDashes.ts'
import { writesIntoAFile } from '../aws/intoAFile.ts'
import type { Entry, Flag, Tier } from './commandCatalogue.ts'
import { type FlagsOf, isFlag, readFlags, type Standing } from './flags.ts'
import type { Trouble } from './scan.ts'
import type { ShellWord } from './simpleCommands.ts'
import { quoted } from './words.ts'

/** A call of the AWS API as its command line writes it: `ec2 describe-instances --instance-ids i-1`. */
interface Called {
  readonly entry: Entry
  readonly label: string
  readonly standing: readonly Standing[]
}

/**
 * What the words behind `aws` call, by the same table as `reads: aws` (docs/policy.md#aws). A read goes over the network, and
 * everything else changes or destroys. A read is not understood where it can answer more than names and states, where an
 * option takes it elsewhere, or where a file of this machine is read or written.
 */
export function awsCommand(
  [service, operation, ...rest]: readonly ShellWord[],
  reading: FlagsOf,
): Called | { readonly trouble: Trouble } {
  const at = service?.at ?? 0
  const label = `${reading.label} ${service?.value ?? ''} ${operation?.value ?? ''}`.trimEnd()
  const tier = tierOf(service, operation)
  if ('why' in tier) return { trouble: { why: `${quoted(label)} ${tier.why}`, at } }
  const entry = {
    ...reading.entry,
    tier: tier.is,
    subcommands: new Map(),
    operands: [],
    needs: [],
    bare: true,
  }
  if (tier.is !== 'network') return { entry: { ...entry, anything: true }, label, standing: [] }
  const options = optionsOf(rest, { ...reading, label }, takesSeveral.test(operation?.value ?? ''))
  return 'trouble' in options ? options : { entry, label, standing: options.standing }
}

function tierOf(
  service: ShellWord | undefined,
  operation: ShellWord | undefined,
): { readonly is: Tier } | { readonly why: string } {
  const isPlain = [service, operation].every(
    (word) => word && !word.pattern && /^[a-z0-9-]+$/.test(word.value),
  )
  if (!service || !operation || !isPlain) return { why: 'is not an operation of a service.' }
  const names = calledWithDashes(service.value, operation.value)
  const facts = names
    .map((name) => readAws(service.value, name))
    .flatMap((one) => (one.understood ? [one.facts] : []))
  if (facts.length === 0) return { why: 'is not an operation of AWS that is known here.' }
  const reads = facts.every(({ access }) => access === 'list' || access === 'read')
  if (!reads) return { is: destroys.test(operation.value) ? 'destroy' : 'change' }
  const risks = facts.flatMap((one) => (Array.isArray(one.risks) ? one.risks : []))
  const more = risks.filter((risk) => risk !== 'anybody')
  if (more.length > 0) return { why: `can answer more than names and states: ${more.join(', ')}.` }
  if (risks.length > 0) return { why: 'reaches what can belong to anybody.' }
  return writesIntoAFile(service.value, operation.value)
    ? { why: 'writes what it is answered into a file.' }
    : { is: 'network' }
}

const destroys =
  /^(delete|terminate|purge|destroy|deregister|release|batch-delete|schedule-[a-z-]*deletion|reset)(-|$)/

/** Options that take more than one word; no operation with such a name takes the name of a file. */
const takesSeveral = /^(list|describe|batch-get)-/

function optionsOf(
  words: readonly ShellWord[],
  reading: FlagsOf,
  several: boolean,
): { readonly standing: readonly Standing[] } | { readonly trouble: Trouble } {
  const standing: Standing[] = []
  let nth = 0
  while (nth < words.length) {
    const [word, ...behind] = words.slice(nth)
    if (!word) break
    const trouble = wrongOption(word, reading.label)
    if (trouble !== null) return { trouble }
    const [name = ''] = word.value.split('=', 1)
    const known = reading.entry.flags.has(name) ? readFlags([word, ...behind.slice(0, 1)], reading) : null
    if (known && 'trouble' in known) return known
    if (known) standing.push(...known.found)
    const values = known ? known.words - 1 : howManyValues(word, behind, several)
    const [wrong = null] = behind
      .slice(0, values)
      .map(wrongValue)
      .filter((one) => one !== null)
    if (wrong !== null) return { trouble: wrong }
    if (!known) standing.push({ flag: option(name), value: null })
    nth += 1 + values
  }
  return { standing }
}

/** Words up to the next option: one at most where a second could be the name of a file that is written. */
function howManyValues({ value }: ShellWord, behind: readonly ShellWord[], several: boolean): number {
  if (value.includes('=') || value.startsWith('--no-')) return 0
  const next = behind.findIndex((word) => isFlag(word))
  const most = next === -1 ? behind.length : next
  return several ? most : Math.min(most, 1)
}

/** A value that is read from a file or fetched, also inside another (`Name@=file://x`). */
const isElsewhere = /:\/\//

function wrongValue({ value, at, pattern }: ShellWord): Trouble | null {
  if (pattern) return { why: `${quoted(value)} can become several words.`, at }
  return isElsewhere.test(value) ? { why: `${quoted(value)} is taken from somewhere else.`, at } : null
}

/** What leads to another address, another account or a file, or shows what is sent. */
const never = [
  '--endpoint-url',
  '--profile',
  '--ca-bundle',
  '--no-verify-ssl',
  '--no-sign-request',
  '--debug',
  '--cli-input-json',
  '--cli-input-yaml',
  '--cli-auto-prompt',
  '--generate-cli-skeleton',
  '--outfile',
]

/** The command line takes the beginning of an option for the whole, where it is the only one that begins so. */
function wrongOption(word: ShellWord, label: string): Trouble | null {
  const { value, at } = word
  const wrong = wrongValue(word)
  if (wrong !== null) return wrong
  if (!/^--[a-z][a-z0-9-]*(=|$)/.test(value))
    return { why: `${quoted(value)} is not a known flag of ${quoted(label)}.`, at }
  const [name = ''] = value.split('=', 1)
  return never.some((one) => one.startsWith(name))
    ? { why: `${quoted(name)} of ${quoted(label)} leads elsewhere.`, at }
    : null
}

function option(name: string): Flag {
  return { name, takes: 'value', kind: null, raises: null, fills: false }
}
