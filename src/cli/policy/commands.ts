import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ReadText } from '../../policy/readers/outside.ts'
import type { ActivateOptions } from './activate.ts'
import type { ImportMcpOptions } from './importMcp.ts'
import type { LintOptions } from './lint.ts'
import { type Format, formatOption, type Printed, type Run } from './printed.ts'
import { addShadowCommands } from './shadowCommands.ts'
import type { SimulateOptions } from './simulate.ts'
import type { SuggestOptions } from './suggest.ts'

/** `countersign policy …`: everything there is to do with a policy, most of it without a server, whose code is loaded only for the rest. */
export function addPolicyCommands(program: Command, run: Run): void {
  const policy = program
    .command('policy')
    .description('check, test, explain, compare and activate policies')
    .addHelpText('after', examples.policy)
  checks(policy, run)
  imports(policy, run)
  comparisons(policy, run)
  learning(policy, run)
  addShadowCommands(policy, run)
  activation(policy, run)
}

function checks(policy: Command, run: Run): void {
  policy
    .command('lint <directory>')
    .description('report everything that is wrong with a bundle, or most likely is, and how to fix it')
    .option(
      '--base <directory>',
      'the bundle that this one would replace: edits that can weaken it are noted',
    )
    .option(
      '--live',
      'also ask Slack or Entra who is in every group, and the database how long rules have been observing',
    )
    .addOption(formatOption())
    .addHelpText('after', examples.lint)
    .action(
      run(async (directory: string, options: LintOptions) => {
        if (!options.live) return (await import('./lint.ts')).lintCommand(directory, options)
        return (await import('./lintLive.ts')).lintLiveCommand(directory, options)
      }),
    )
  policy
    .command('test <directory>')
    .description("run the bundle's own tests, and say which rules and mistakes no test notices")
    .addOption(formatOption())
    .addHelpText('after', examples.test)
    .action(
      run(async (directory: string, options: { format: Format }) =>
        (await import('./test.ts')).testCommand(directory, { ...options, readText: await sqlIn(directory) }),
      ),
    )
  policy
    .command('schema <directory>')
    .description('write the JSON Schema of every policy file there, for editors')
    .action(run(async (directory: string) => (await import('./schema.ts')).schemaCommand(directory)))
}

function imports(policy: Command, run: Run): void {
  policy
    .command('import-mcp <directory> <server> [pages...]')
    .description('write the tools that an MCP server lists into a bundle, for people to review')
    .option('--check', 'write nothing; say whether the server still lists what the bundle has')
    .option('--redraft', 'also draft anew what nobody has reviewed yet')
    .addOption(formatOption())
    .addHelpText('after', examples.importMcp)
    .action(
      run(async (directory: string, server: string, pages: readonly string[], options: ImportMcpOptions) =>
        (await import('./importMcp.ts')).importMcpCommand({ directory, server, pages }, options),
      ),
    )
}

async function explainIn(
  first: string,
  file: string | undefined,
  options: { readonly format: Format },
): Promise<Printed> {
  const { explainCommand } = await import('./explain.ts')
  return explainCommand(first, file, {
    ...options,
    ...(file !== undefined && { readText: await sqlIn(first) }),
  })
}

/** Only loaded where the bundle has statements to read. */
async function sqlIn(directory: string): Promise<ReadText | undefined> {
  const { readBundleDirectory } = await import('../../store/bundleDirectory.ts')
  const { sqlFor } = await import('../../parsing/here.ts')
  return sqlFor(readBundleDirectory(directory))
}

function comparisons(policy: Command, run: Run): void {
  policy
    .command('explain <bundle-or-request> [request-file]')
    .description(
      'say why a request is judged as it is: each rule, each condition, where each demand comes from',
    )
    .addOption(formatOption())
    .addHelpText('after', examples.explain)
    .action(
      run(async (first: string, file: string | undefined, options: { format: Format }) =>
        explainIn(first, file, options),
      ),
    )
  policy
    .command('simulate [requests-file]')
    .description('replay recorded requests against a changed bundle: loosened, tightened, unchanged')
    .requiredOption('--head <directory>', 'the changed bundle')
    .option(
      '--base <directory>',
      'what it is compared with; "active" is the bundle that judges now',
      'active',
    )
    .addOption(lastOption())
    .option('--save <file>', 'also write the replayed requests there, one per line, to replay them elsewhere')
    .addOption(formatOption())
    .addHelpText('after', examples.simulate)
    .action(
      run(async (file: string | undefined, options: SimulateOptions) =>
        (await import('./simulate.ts')).simulateCommand(file, options),
      ),
    )
}

function learning(policy: Command, run: Run): void {
  policy
    .command('suggest [requests-file]')
    .description(
      'what the record suggests: rules for what was always granted, or always denied, with their tests',
    )
    .option(
      '--base <directory>',
      'the bundle that they are for; "active" is the one that judges now',
      'active',
    )
    .addOption(lastOption())
    .addOption(counted('--times <count>', 'asked and decided alike at least so often', 20))
    .addOption(counted('--deciders <count>', 'by at least so many people', 2))
    .addOption(counted('--days <count>', 'over at least so many days', 7))
    .addOption(counted('--hasty <seconds>', 'warn where it took less than this to decide, in the median', 10))
    .addOption(counted('--limit <count>', 'show so many at most', 10))
    .option('--out <directory>', 'write the bundle with all of them there; it has to be empty')
    .addOption(formatOption())
    .addHelpText('after', examples.suggest)
    .action(
      run(async (file: string | undefined, options: SuggestOptions) =>
        (await import('./suggest.ts')).suggestCommand(file, options),
      ),
    )
}

function counted(flags: string, description: string, otherwise: number): Option {
  return new Option(flags, description).argParser(positive).default(otherwise)
}

function activation(policy: Command, run: Run): void {
  policy
    .command('activate [directory]')
    .description(
      'check a bundle and make it the active one, or ask for approval if the active policy requires it',
    )
    .requiredOption(
      '--by <person>',
      'you (an e-mail address, or a user id of Slack or of Entra); you can never approve it',
    )
    .option('--reason <text>', 'why, for the people who are asked')
    .addOption(formatOption())
    .addHelpText('after', examples.activate)
    .action(
      run(async (directory: string | undefined, options: ActivateOptions) =>
        (await import('./activate.ts')).activateCommand(directory, options),
      ),
    )
  policy
    .command('history')
    .description('which bundles were active, by whom, who agreed, and what differed')
    .addOption(new Option('--limit <count>', 'how many entries').argParser(positive).default(20))
    .addOption(formatOption())
    .action(
      run(async (options: { format: Format; limit: number }) =>
        (await import('./history.ts')).historyCommand(options),
      ),
    )
}

function lastOption(): Option {
  return new Option(
    '--last <count>',
    'how many of the newest requests of the database, where no file is given',
  )
    .argParser(positive)
    .default(10_000)
}

function positive(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('Use a whole number from 1.')
  return Number(text)
}

const examples = {
  policy: `
A change of a policy, from the first edit to the last approval:
  countersign policy lint policies                                   is it right?
  countersign policy test policies                                   does it still do what its tests say?
  countersign policy explain policies request.json                   why is this request judged as it is?
  countersign policy simulate --head policies                        what would it have changed?
  countersign policy suggest                                         what could run by itself, by what people decided?
  countersign policy shadow policies                                 what would it change now, beside the active one?
  countersign policy activate policies --by lee@acme.test            make it so, or ask for it

Exit codes: 0 clean, 1 an error, 2 something is loosened (simulate, shadow show).
lint (without --live), test, schema, import-mcp, and explain and simulate with files need no server and no database.`,
  lint: `
Errors stop a bundle from becoming active; warnings are most likely mistakes; notes are for the reviewer.
  countersign policy lint policies --base main-checkout/policies     also what a change can weaken
  countersign policy lint policies --live                            … and whether the people it asks are there
  countersign policy lint policies --format github                   annotations in a workflow

Exit codes: 0 no errors, 1 errors. docs/policy-tools.md explains every code.`,
  test: `
Tests are in tests/*.yaml of the bundle; they never read the clock and ask nobody.
A rule that no test reaches, and a mistake that no test notices, are listed; they do not make the command fail.

Exit codes: 0 all pass, 1 one fails or cannot be read, or there are none.`,
  importMcp: `
<server> is the name that requests have for it; pages are files with the answers of tools/list in their order, or standard input.
  npx @modelcontextprotocol/inspector --cli node server.js --method tools/list > tools.json
  countersign policy import-mcp policies docs-search tools.json            drafts policies/mcp/docs-search.yaml
  countersign policy import-mcp policies docs-search tools.json --check    for a workflow: does the server list something else?

What is drafted asks until somebody has reviewed it. What was reviewed stays while the definition is the same.

Exit codes: 0 done, or no difference; 1 an error, or with --check a difference.`,
  explain: `
  countersign policy explain policies request.json    a request as agents send it; - is standard input
  countersign policy explain req_01k…                 a recorded one, from the facts of its time

  ● the rule applies   ○ it does not   ← where a demand comes from`,
  simulate: `
  countersign policy simulate --head policies                              the database's newest, against the active bundle
  countersign policy simulate --head policies --save requests.jsonl        … and keep them for a workflow
  countersign policy simulate --base main/policies --head policies requests.jsonl

Requirements are compared field by field: fewer people asked is loosened, even if people are still asked.
A change that tightens one field and loosens another counts as loosened. Saved requests hold parameters: treat them accordingly.

Exit codes: 0 nothing is loosened, 1 an error or nothing to replay, 2 something is loosened.`,
  suggest: `
It looks at what people decided, and changes nothing. One that was denied among any number that were granted is enough for nothing
to be suggested. Each suggestion is proved before it is shown: it loads, all tests pass, and nothing that was ever refused flows.
  countersign policy suggest                                 the database's newest, for the active bundle
  countersign policy suggest --out candidate                 … and write the bundle with all of them
  countersign policy suggest --base policies saved.jsonl     requests that "simulate --save" wrote

Exit codes: 0 whatever is found, 1 an error or nothing to learn from.`,
  activate: `
The bundle has to load, pass lint, and have tests that pass. If the active policy has the action policy.activate in its
catalogue, nothing is activated now: its people are asked in Slack, with what the change would have done.
  countersign policy activate policies --by lee@acme.test --reason "Exports of events need no owner"

Exit codes: 0 active or asked for, 1 refused; then the active policy stays as it is.`,
} as const
