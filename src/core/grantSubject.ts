import type { Action } from './action.ts'
import { digestOf } from './digest.ts'

/** What Google Cloud takes as `google.subject`, the shortest of those that verifiers take. */
const longestBytes = 127
const digestCharacters = 16

/**
 * The `sub` of a grant: `approval:env:prod:action:db.export`. A policy of a cloud can only compare it letter by letter, so it is
 * one of few: nothing in it names a request, a resource or a person. What is not a letter, a digit or one of `. _ - /` is
 * percent-encoded, so that no name can look like two. One that is over 127 bytes is cut and ends in `~` and 16 hex digits of the
 * SHA-256 of the whole (docs/grants.md#claims): the same action always has the same.
 */
export function grantSubject({ environment, action }: Pick<Action, 'environment' | 'action'>): string {
  const whole = `approval:env:${encoded(environment)}:action:${encoded(action)}`
  if (whole.length <= longestBytes) return whole // encoded, so every character is one byte
  const digest = digestOf('countersign/grant-subject/v1', { subject: whole }).slice('sha256:'.length)
  return `${whole.slice(0, longestBytes - digestCharacters - 1)}~${digest.slice(0, digestCharacters)}`
}

function encoded(name: string): string {
  return [...Buffer.from(name)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9._/-]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}
