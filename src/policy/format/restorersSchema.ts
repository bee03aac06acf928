import { namedPeople } from './namedPeople.ts'

/** `restorers:` of bundle.yaml: which two people may let the ledger go on from a restored backup. */
export const restorersSchema = namedPeople('any two full members may')
