import { RE2JS } from '@bufbuild/re2'
import { type ReasonDemand, wordsOf } from '../../core/requirement.ts'
import { visible } from '../../core/visible.ts'

/** A pattern ready to search with, or what is wrong with it: linear time whatever the text (RE2). */
export function compiledRegex(pattern: string): RE2JS | string {
  // A text knows escapes of its own, and nobody means a backspace by `"\b"`.
  if (/(?![\t\n])\p{Cc}/u.test(pattern))
    return 'it holds a control character, as "\\b" is a backspace in a text: write "\\\\b" or r"\\b"'
  try {
    return RE2JS.compile(pattern)
  } catch (error) {
    return error instanceof Error ? error.message.replace(/[.`]+$/, '') : 'it does not compile'
  }
}

/**
 * What is missing from a reason that a person gave, for that person, or null when it will do. What nobody
 * can see of it does not count; every pattern has to be found somewhere in what can be seen.
 */
export function reasonLacks(demand: ReasonDemand, given: string): string | null {
  const reason = visible(given)
  const length = [...reason].length
  if (length < demand.minLength) return `Write at least ${demand.minLength} characters; these are ${length}.`
  const unmet = demand.patterns.findIndex((pattern) => {
    const regex = compiledRegex(pattern)
    return typeof regex === 'string' || !regex.test(reason)
  })
  return unmet === -1 ? null : (wordsOf(demand)[unmet] ?? null)
}
