import type { Json, JsonObject } from '../../core/json.ts'
import { misfits } from '../params.ts'
import { readEmails } from '../readers/email.ts'
import { readPath } from '../readers/path.ts'
import { readUrl } from '../readers/url.ts'
import type { ArgumentKind, CataloguedTool } from './reviewedTool.ts'

/** What the arguments of a call were read as: each list is of all arguments of that kind, and empty where the tool has none. */
export interface ArgumentFacts {
  readonly addresses: readonly string[]
  readonly domains: readonly string[]
  readonly hosts: readonly string[]
  readonly paths: readonly string[]
  readonly amounts: readonly number[]
}

/** Of one kind, over all arguments of a call. */
export const mostValues = 50

/**
 * Reads the arguments of a call as they were reviewed, or says in one sentence what does not fit. An argument that the review does not
 * have is one that nobody has looked at.
 */
export function readArguments(tool: CataloguedTool, given: Json): ArgumentFacts | { readonly why: string } {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    return { why: 'The arguments are not an object.' }
  const values = given as JsonObject // neither a list nor null
  const [misfit] = misfits(tool.arguments, values)
  if (misfit)
    return {
      why: `They do not fit what was reviewed: ${misfit.pointer.replace('/params', '').slice(0, 100)} ${misfit.detail}.`,
    }
  const found = new Found()
  for (const [name, { is }] of tool.arguments) {
    const value = Object.hasOwn(values, name) ? (values[name] ?? null) : null
    if (is === undefined || value === null) continue
    const wrong = found.add(is, Array.isArray(value) ? value : [value])
    if (wrong !== null) return { why: `${JSON.stringify(name)} was not understood: ${wrong}` }
  }
  return found.facts()
}

class Found {
  readonly #texts: Record<Exclude<ArgumentKind, 'amount'>, string[]> = { recipient: [], url: [], path: [] }
  readonly #domains = new Set<string>()
  readonly #amounts: number[] = []

  /** What is wrong with one of them, as a sentence, or null. */
  add(is: ArgumentKind, values: readonly Json[]): string | null {
    if (is === 'amount') return this.#addAmounts(values)
    const list = this.#texts[is]
    if (list.length + values.length > mostValues) return `There are more than ${mostValues}.`
    for (const value of values) {
      const read = reads[is](String(value))
      if ('why' in read) return read.why
      list.push(read.text)
      if (read.domain !== undefined) this.#domains.add(read.domain)
    }
    return null
  }

  #addAmounts(values: readonly Json[]): string | null {
    for (const value of values) {
      if (typeof value !== 'number' || value <= 0) return 'An amount is above zero.'
      this.#amounts.push(value)
    }
    return null
  }

  facts(): ArgumentFacts {
    const { recipient, url, path } = this.#texts
    return {
      addresses: recipient,
      domains: [...this.#domains],
      hosts: url,
      paths: path,
      amounts: this.#amounts,
    }
  }
}

type Read = { readonly text: string; readonly domain?: string } | { readonly why: string }

/** One value of each kind, in the one form that conditions compare. */
const reads: Readonly<Record<Exclude<ArgumentKind, 'amount'>, (text: string) => Read>> = {
  recipient: (text) => {
    const read = readEmails([text])
    if (!read.understood) return { why: read.why.replace('Address 1: ', '') }
    const [address = text] = read.facts.addresses as readonly string[] // as the reader declares it
    const [domain = ''] = read.facts.domains as readonly string[]
    return { text: address, domain }
  },
  url: (text) => {
    const read = readUrl(text)
    if (!read.understood) return { why: read.why }
    const { scheme, host, credentials } = read.facts
    if (scheme !== 'https' && scheme !== 'http') return { why: 'It is no URL of the web.' }
    return credentials === true ? { why: 'It has a name or a password in it.' } : { text: String(host) }
  },
  path: (text) => {
    const read = readPath(text, [])
    return read.understood ? { text: String(read.facts.path) } : { why: read.why }
  },
}
