import { namedPeople } from './namedPeople.ts'

/** `auditors:` of bundle.yaml: who may read the whole ledger, by a key of their own. */
export const auditorsSchema = namedPeople('nobody can read the ledger over HTTP')
