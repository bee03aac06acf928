import { didYouMean } from '../../core/nearest.ts'
import { type BundleProblem, fileProblem } from '../problem.ts'

const known = ['bundle.yaml', 'actions.yaml', 'resources.yaml', 'commands.yaml']
const needed = ['bundle.yaml', 'actions.yaml']
/** Tests of the policy: not part of what is judged by, so not part of the digest. */
const testFile = /^tests\/[^/.][^/]*\.yaml$/
const serverFile = /^mcp\/[^/.][^/]*\.yaml$/
const ruleFile = /^rules\/[^/.][^/]*\.yaml$/

/** Which files of a bundle hold what, and the ones that should not be there or are missing (docs/policy.md#the-files). */
export function sortFiles(paths: Iterable<string>): {
  rules: readonly string[]
  servers: readonly string[]
  problems: readonly BundleProblem[]
} {
  const all = [...paths].sort()
  const missing = needed
    .filter((path) => !all.includes(path))
    .map((path) => fileProblem(path, 'bundle/missing-file', `Every bundle needs ${path}: add it.`))
  return {
    rules: all.filter((path) => ruleFile.test(path)),
    servers: all.filter((path) => serverFile.test(path)),
    problems: [...missing, ...all.flatMap(strangerProblems)],
  }
}

/** Whether a path of a bundle holds tests. */
export function isTestFile(path: string): boolean {
  return testFile.test(path)
}

function strangerProblems(path: string): readonly BundleProblem[] {
  if (known.includes(path) || isBystander(path)) return []
  if ([ruleFile, testFile, serverFile].some((form) => form.test(path))) return []
  const fix = path.endsWith('.yml') ? ' Rename it to end in .yaml.' : didYouMean(path, known)
  const message = `This file is not part of a bundle, and a policy that is not read would be a surprise: remove it, or put rules directly in rules/*.yaml.${fix}`
  return [fileProblem(path, 'bundle/unknown-file', message)]
}

/** Where the tools of a server stand in a bundle. */
export function serverPath(server: string): string {
  return `mcp/${server}.yaml`
}

/** READMEs and hidden files may stand beside a policy; a hidden rule file may not, because its rules would be missing. */
function isBystander(path: string): boolean {
  const steps = path.split('/')
  if (steps.at(-1) === 'README.md') return true
  return steps.some((step) => step.startsWith('.')) && !(steps[0] === 'rules' && /\.ya?ml$/.test(path))
}
