import type { Defect } from './defect.ts'

const copies = 'actions: [s3.copy]'
const ownersToo = '  require: {approvals: [{name: o, from: [owner, group:data], count: 1}]}\n'

/** Rules that go by the resource of a request where a parameter names another one. */
export const otherResourceDefects: readonly Defect[] = [
  {
    code: 'allow/untied-resource',
    what: 'the resource, and not what a parameter names',
    seeds: [{ match: copies, verdict: 'allow', when: 'resource.sensitivity == "public"' }],
    fixed: [{ match: copies, verdict: 'allow', when: 'resources.destination.sensitivity == "public"' }],
  },
  {
    code: 'require/untied-owner',
    what: 'the owner of the resource, and not of what a parameter names',
    seeds: [{ match: copies, more: ownersToo }],
    fixed: [{ match: copies, more: ownersToo.replace('owner,', 'owner(destination),') }],
  },
]
