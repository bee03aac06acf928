import { readManifest } from '../../../../src/policy/readers/kubernetes/manifestReader.ts'

export const read = (text: string) => readManifest(text, { verb: 'apply', dryRun: false })
/** The facts of an understood text; of another why it is not. */
export const facts = (text: string) => {
  const reading = read(text)
  return reading.understood ? reading.facts : { why: reading.why, at: reading.at }
}
export const config = `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  namespace: shop
`
export const pod = (spec: string) => `apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
${spec}`
