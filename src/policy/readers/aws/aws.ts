import { isObject, type Json, type JsonObject } from '../../../core/json.ts'
import { bool, listOf, oneOf, string } from '../../conditions/valueType.ts'
import type { Reading } from '../reader.ts'
import { confined } from './confined.ts'
import { operations, services } from './names.ts'
import { accesses, accessOf, risks, risksOf } from './table.ts'

/** Longer than any name at AWS. */
const longest = 128

/** That a call names; nobody means well with more. */
export const mostAccounts = 20

/**
 * One operation of the AWS API (docs/policy.md#aws), by the names that AWS gives its services and operations, letter by
 * letter: what it can do, and why it may be more than that. What is not in the table is not understood. Of the arguments (null: nobody
 * names them), only which accounts they name and which bucket a read of S3 is about.
 */
export function readAws(service: string, operation: string, given: Json = null): Reading {
  if (service.length > longest || operation.length > longest)
    return { understood: false, why: 'No operation of AWS has such a long name.' }
  const alias = services.get(service)
  const facts = factsOf(service, operation) ?? (alias === undefined ? null : factsOf(alias, operation))
  if (facts === null) return { understood: false, why: 'It is not an operation of AWS that is known here.' }
  const accounts = accountsIn(given)
  if (accounts.length > mostAccounts)
    return { understood: false, why: `Its arguments name more than ${mostAccounts} accounts.` }
  const bucket = isAboutBuckets(service, operation) ? bucketOf(given) : null
  return { understood: true, facts: { ...facts, accounts, ...(bucket !== null && { bucket }) } }
}

/** Whatever twelve digits stand by themselves anywhere in the arguments: as a number, in an ARN, or as a key. */
function accountsIn(given: Json): string[] {
  return [...new Set(JSON.stringify(given).match(/(?<!\d)\d{12}(?!\d)/g))]
}

/** Not what the control plane of S3 says of access points, grants and jobs: its calls name an account beside them. */
function isAboutBuckets(service: string, operation: string): boolean {
  return (
    (service === 's3' || service === 's3api') &&
    /^(?:Get|Head|List)(?:Bucket|Object|PublicAccess|Multipart|Parts)/.test(operation)
  )
}

/**
 * The bucket by its plain name: no ARN, which leads to an access point, whoever has that. A second key that differs in case alone could be
 * the one that is used.
 */
function bucketOf(given: Json): string | null {
  if (!isObject(given)) return null
  const [key, second] = Object.keys(given).filter((name) => name.toLowerCase() === 'bucket')
  const value = key === 'Bucket' && second === undefined ? given[key] : null
  return typeof value === 'string' && plainBucket.test(value) ? value : null
}

const plainBucket = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/

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

export const awsFacts = {
  service: string,
  action: string,
  access,
  risks: listOf(risk),
  confined: bool,
  accounts: listOf(string),
  'bucket?': string,
}
