import { namedPeople } from './namedPeople.ts'

/** `registrars:` of bundle.yaml: who may register agents of their own in Slack. */
export const registrarsSchema = namedPeople('every full member may')
