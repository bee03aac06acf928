import type { JsonObject } from '../../../core/json.ts'
import { bool, listOf, oneOf, string } from '../../conditions/valueType.ts'
import type { Reading } from '../reader.ts'
import { confined } from './confined.ts'
import { operations, services } from './names.ts'
import { accesses, accessOf, risks, risksOf } from './table.ts'

/** Longer than any name at AWS. */
const longest = 128

/**
 * One operation of the AWS API (docs/policy.md#aws), by the names that AWS gives its services and operations, letter by
 * letter: what it can do, and why it may be more than that. What is not in the table is not understood.
 */
export function readAws(service: string, operation: string): Reading {
  if (service.length > longest || operation.length > longest)
    return { understood: false, why: 'No operation of AWS has such a long name.' }
  const alias = services.get(service)
  const facts = factsOf(service, operation) ?? (alias === undefined ? null : factsOf(alias, operation))
  if (facts === null) return { understood: false, why: 'It is not an operation of AWS that is known here.' }
  return { understood: true, facts }
}

/** By the names in IAM; null where it has none. */
function factsOf(service: string, operation: string): JsonObject | null {
  const id = operations.get(`${service}:${operation}`) ?? `${service}:${operation}`
  const action = id.slice(service.length + 1)
  const access = accessOf(service, action)
  if (access === null) return null
  const found = [...risksOf(service, action, access)]
  return { service, action, access, risks: found, confined: confined.has(id) }
}

const access = oneOf({ what: 'a level of access', values: accesses, code: 'cel/unknown-value' })
const risk = oneOf({ what: 'a risk', values: risks, code: 'cel/unknown-value' })

export const awsFacts = { service: string, action: string, access, risks: listOf(risk), confined: bool }
