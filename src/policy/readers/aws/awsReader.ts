import type { Reader } from '../reader.ts'
import { awsFacts, mostAccounts, readAws } from './aws.ts'

/** Reads the operation; the service, and the arguments, stand in the parameters that the catalogue names. */
export const awsReader: Reader = {
  accepts: 'string',
  what: 'an operation of AWS',
  facts: awsFacts,
  most: { text: 128, items: mostAccounts },
  read(operation, _, { service, given = null }) {
    if (typeof operation !== 'string' || typeof service !== 'string')
      return { understood: false, why: 'Its service was not given.' }
    return readAws(service, operation, given)
  },
}
