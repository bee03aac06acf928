import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { CommandCatalogue } from '../../../../src/policy/readers/shell/commandCatalogue.ts'
import { tiers } from '../../../../src/policy/readers/shell/commandCatalogue.ts'
import { shellReader } from '../../../../src/policy/readers/shell/shellReader.ts'
import { cases } from '../../../support/cases.ts'
import { bundleFiles, filesIn, loaded } from '../../files.ts'

const head = 'apiVersion: countersign/v1\nkind: CommandCatalogue\n'
const small = `${head}
runs: [{agents: [ops-*], shell: bash, settings: [home]}]
directories: [/usr/bin]
paths: {contents: [/var/log], secret: ["*secret*", .ssh, id_*]}
kinds: {word: '[a-z][a-z0-9-]*', kube: [pods, nodes]}
programs:
  ls: {style: gnu, tier: names, switches: [-l, -a|--all], values: {-w|--width: number, -I|--ignore: filename}, attached: {--color: always|never}, operands: path*}
  cat: {tier: contents, switches: [-n], operands: contents*}
  grep: {tier: contents, switches: [-i, -NUM], values: {-e|--regexp: text, -m: number}, fills: [-e], operands: text contents*}
  find: {style: whole, tier: names, switches: [-print], values: {-name: filename}, operands: path*}
  tree: {tier: names, switches: [-d, -a], values: {-L: number, -P: filename}, attached: {-i: text}, operands: path*}
  uniq: {tier: contents, operands: "contents?"}
  sed: {tier: contents, switches: [-n], needs: [-n], operands: text contents*}
  git: {tier: names, settings: [home], switches: [--no-pager], subcommands: {branch: {switches: [-a, -v]}, stash: {subcommands: {list: {}}}, push: {tier: change, anything: true}}}
  aws: {tier: names, settings: [environment]}
  kubectl: {values: {-n|--namespace: word}, subcommands: {get: {tier: names, values: {-o: wide|name}, operands: ["kube word*", "kube/name+"]}, logs: {tier: contents, operands: word}, delete: {tier: destroy, anything: true}}}
  curl: {tier: network, switches: [-I], operands: url+}
  dig: {tier: network, operands: [host, "at-host host"]}
  env: {tier: names, values: {-u: word}, operands: command}
  timeout: {tier: names, operands: number command}
  sudo: {tier: names, elevates: true, values: {-u: word}, operands: command}
  ssh: {tier: network, values: {-p: number}, operands: login remote}
  docker: {tier: names, subcommands: {logs: {switches: [-f], raises: {-f: contents}, operands: word}}}
  rm: {also: [shred], tier: destroy, anything: true}
`
const bundleWith = (text: string) => loaded(bundleFiles({ 'commands.yaml': text }))
const commands = bundleWith(small).commands

function read(
  command: string,
  { agent = 'ops-1', by = commands }: { agent?: string; by?: CommandCatalogue } = {},
) {
  return shellReader.read(command, { agent, commands: by }, { roots: [], service: null, earlier: null })
}
function facts(command: string) {
  const reading = read(command)
  if (!reading.understood) throw new Error(reading.why)
  return reading.facts
}
function why(command: string, agent?: string): string {
  const reading = read(command, agent === undefined ? {} : { agent })
  return reading.understood ? 'understood' : reading.why
}

describe('what is known of a command line', () => {
  test('is how far it goes, what it runs, and what it names', () => {
    expect(facts('ls -la --width=80 src | grep -i x; kubectl -n web get pods -o wide')).toEqual({
      tier: 'contents',
      programs: ['ls', 'grep', 'kubectl'],
      commands: ['ls', 'grep', 'kubectl get'],
      flags: ['-l', '-a', '-w', '-i', '-n', '-o'],
      network: [],
      hosts: [],
      paths: ['src'],
      contents: [],
      settings: [],
      elevated: false,
    })
    expect(facts('dig @ns.Acme.test web.acme.test; curl -I https://acme.test:8443/x; ls')).toMatchObject({
      tier: 'network',
      network: ['dig', 'curl'],
      hosts: ['ns.acme.test', 'web.acme.test', 'acme.test'],
    })
    expect(facts('cat -n src/a.ts /var/log/x.log -')).toMatchObject({
      contents: ['src/a.ts', '/var/log/x.log'],
    })
    expect(facts('git branch -av')).toMatchObject({ commands: ['git branch'], settings: ['home'] })
  })

  test.each([
    ['ls', 'names'],
    ['ls; cat a', 'contents'],
    ['ls; git push', 'change'],
    ['kubectl delete pod x | ls', 'destroy'],
    ['docker logs x', 'names'],
    ['docker logs -f x', 'contents'],
    ['sudo -u lee timeout 5 cat /var/log/x', 'contents'],
    ['env -u x ls', 'names'],
    ['timeout 5 rm -rf x', 'destroy'],
    ['ssh -p 22 lee@web-1 ls', 'network'],
    ['ssh web-1 "ls; rm x"', 'destroy'],
    ['/usr/bin/ls', 'names'],
    ['git branch --help', 'names'],
    ['cat --version', 'contents'],
    ['timeout 5 cat --help', 'contents'],
    ['rm --help', 'destroy'],
    ['kubectl delete --help', 'destroy'],
  ])('goes as far as its furthest part: %s is %s', (command, tier) => {
    expect(facts(command).tier).toBe(tier)
  })

  test('a subcommand explains itself, whatever it does, where its program says so', () => {
    const by = bundleWith(small.replace('kubectl: {', 'kubectl: {explains: true, ')).commands
    const tier = (text: string) => {
      const reading = read(text, { by })
      return reading.understood ? reading.facts.tier : reading.why
    }

    expect(tier('kubectl delete --help')).toBe('names')
    expect(tier('kubectl --help')).toBe('names')
    expect(tier('kubectl delete pod --help')).toBe('destroy')
    expect(tier('kubectl delete --version')).toBe('destroy')
    expect(tier('kubectl exec --help')).toBe('`exec` is not a known subcommand of `kubectl`.')
  })

  test('says when something runs with the rights of somebody else, and on which host', () => {
    expect(facts('sudo ls')).toMatchObject({ elevated: true, programs: ['sudo', 'ls'] })
    expect(facts('ssh lee@Web-1 ls')).toMatchObject({ elevated: false, hosts: ['web-1'] })
  })
})

describe('what is not known', () => {
  test.each([
    ['git branch -vx', '`-x` is not a known flag of `git branch`.'],
    ['git branch --merged', '`--merged` is not a known flag of `git branch`.'],
    ['git checkout x', '`checkout` is not a known subcommand of `git`.'],
    ['git', '`git` needs one of its subcommands.'],
    ['git stash', '`git stash` needs one of its subcommands.'],
    ['git branch x', '`x` is one operand too many for `git branch`.'],
    ['nmap x', '`nmap` is not a known program.'],
    ['./ls', '`./ls` is not a known program.'],
    ['/tmp/ls', '`/tmp/ls` is not a known program.'],
    ['ls --al', '`--al` is not a known flag of `ls`.'],
    ['ls --all=x', '`--all` of `ls` takes no value.'],
    ['ls -w', '`-w` of `ls` has no value.'],
    ['ls -w x', '`x` is not of the kind number.'],
    ['ls --color=red', '`red` is not one of always, never.'],
    ['ls --color always', 'understood'],
    ['cat /etc/passwd', '`/etc/passwd` is outside the places whose files may be read.'],
    ['cat a/../../x', '`a/../../x` leads upwards.'],
    ['cat .env', '`.env` is hidden.'],
    ['cat /var/log/../x', '`/var/log/../x` leads upwards.'],
    ['cat src/my-secrets.ts', '`src/my-secrets.ts` may be secret.'],
    ['ls /root/.SSH', '`/root/.SSH` may be secret.'],
    ["find / -name 'id_*'", '`id_*` looks for something secret.'],
    ['cat src/*', '`src/*` could be any file.'],
    ['cat src/*.ts', '`src/*.ts` could be any file.'],
    ['cat /var/log/aut*.log', '`/var/log/aut*.log` could be any file.'],
    ['cat /var/log/?uth.log', '`/var/log/?uth.log` could be any file.'],
    ['ls src/*.ts', 'understood'],
    ['ls -w 1*', '`1*` can become several words.'],
    ['ls -I a?', '`a?` can become several words.'],
    ['uniq a b', '`b` is one operand too many for `uniq`.'],
    ['uniq a*', '`a*` can become several words.'],
    ['ls --ignore=a*', 'A pattern begins a word: it could become an option.'],
    ['grep a* b', '`a*` can become several words.'],
    ['grep', '`grep` is not known without text.'],
    ['grep -e x -f y', '`-f` is not a known flag of `grep`.'],
    ['sed 1p x', '`sed` is only known with `-n`.'],
    ['find . -exec ls', '`-exec` is not a known flag of `find`.'],
    ['kubectl get secrets', '`secrets` is not of the kind kube.'],
    ['kubectl get pods,secrets', '`pods,secrets` is not of the kind kube.'],
    ['kubectl get secret/x', '`secret/x` is not of the kind kube.'],
    ['env', '`env` is not known without command.'],
    ['env A=1 ls', '`A=1` is not a known program.'],
    ['timeout 5 -x ls', '`-x` is not a known program.'],
    ['ssh web-1', '`ssh` is not known without remote.'],
    ['ssh web-1 -o x', '`-o` is not a known program.'],
    ['ssh web-1 "ls $HOME"', 'It has a variable or a substitution ($).'],
    ["ssh web-1 'ls $HOME'", 'On the other side: It has a variable or a substitution ($).'],
    [
      'ssh web-1 git branch',
      '`git` goes by settings in the home directory, and nobody has said that the agent cannot write them.',
    ],
    [
      'aws',
      '`aws` goes by variables of the environment, and nobody has said that the agent cannot set them.',
    ],
    ['curl https://user@acme.test/', '`https://user@acme.test/` is not a plain web address.'],
    ['curl file:///etc/passwd', '`file:///etc/passwd` is not a plain web address.'],
    ['env env env env env env ls', 'Commands stand in commands too deeply.'],
    ['rm', 'understood'],
    ['kubectl --help', '`kubectl` needs one of its subcommands.'],
    ["sed -n -e 'w x' --help", '`-e` is not a known flag of `sed`.'],
    ['sed -n 1p --help', '`--help` is not a known flag of `sed`.'],
    ['grep -i --help', '`--help` is not a known flag of `grep`.'],
    ['cat -- --help', '`--help` is not a plain path.'],
    ['ls | cat --help', '`--help` is not a known flag of `cat`.'],
    ['ls | timeout 5 cat --help', '`--help` is not a known flag of `cat`.'],
    ['ls -la', 'understood'],
    ['ls -lw80', 'understood'],
    ['tree -da -L 2 x', 'understood'],
    ['tree -d -i:80', 'understood'],
    ['tree -Po x y', '`-P` of `tree` has to stand alone.'],
    ['tree -dP x', '`-P` of `tree` has to stand alone.'],
    ['tree -L2', '`-L` of `tree` has to stand alone.'],
    ['tree -di:80', '`-i` of `tree` has to stand alone.'],
    ['docker run x --help', '`run` is not a known subcommand of `docker`.'],
  ])('%s: %s', (command, says) => {
    expect(why(command)).toBe(says)
  })

  test('has its place in the text', () => {
    expect(read('ls -l; git branch -vx')).toMatchObject({ understood: false, at: 18 })
  })

  test('is everything where nobody has said how the commands of the agent run', () => {
    expect(why('ls', 'billing')).toBe('Nobody has said how the commands of this agent run.')
    expect(read('ls', { by: { ...commands, runs: [] } })).toMatchObject({ understood: false })
  })
})

const shipped = loaded(filesIn('policies')).commands
const everyWord = [
  ...new Set(
    [...shipped.programs].flatMap(([name, { flags, subcommands }]) => [
      name,
      ...flags.keys(),
      ...subcommands.keys(),
    ]),
  ),
]
const word = fc.oneof(
  fc.constantFrom(...everyWord),
  fc.constantFrom(
    'a',
    '.',
    '-',
    '--',
    '5',
    '/etc/passwd',
    '/var/log/x',
    'pods',
    '{}',
    '\\;',
    '+',
    '|',
    ';',
    '&&',
    '--help',
    '-x',
    'a=b',
    "'a b'",
    'a*',
    '*',
  ),
)
const line = fc.array(word, { minLength: 1, maxLength: 12 }).map((words) => words.join(' '))

describe('whatever is sent', () => {
  test('reading it ends, and says either every fact or why there is none', () => {
    fc.assert(
      fc.property(fc.oneof(line, fc.string({ unit: 'binary' })), (text) => {
        const reading = read(text, { by: { ...shipped, runs: commands.runs } })
        if (reading.understood)
          expect(Object.keys(reading.facts).sort()).toEqual(Object.keys(shellReader.facts).sort())
        else expect(reading.why).toMatch(/\.$/)
      }),
      { numRuns: cases(2_400) },
    )
  })

  test('an entry that is added never takes a command to a lower tier', () => {
    const names = [...shipped.programs.keys()]
    const some = fc.subarray(names, { minLength: 1 })

    fc.assert(
      fc.property(line, some, (text, kept) => {
        const fewer = {
          ...shipped,
          programs: new Map([...shipped.programs].filter(([name]) => kept.includes(name))),
        }
        const [before, after] = [
          read(text, { by: fewer, agent: 'x' }),
          read(text, { by: shipped, agent: 'x' }),
        ]
        if (!before.understood) return
        expect(after).toEqual(before)
      }),
      { numRuns: cases(800) },
    )
  })

  test('a command beside it never takes it to a lower tier', () => {
    const rank = (text: string): number | null => {
      const reading = read(text, { by: shipped, agent: 'x' })
      return reading.understood ? tiers.map(String).indexOf(String(reading.facts.tier)) : null
    }
    fc.assert(
      fc.property(line, line, fc.constantFrom(' | ', ' ; ', ' && ', ' || ', '\n'), (one, other, joint) => {
        const [left, right, both] = [rank(one), rank(other), rank(one + joint + other)]
        if (both === null) return
        if (left !== null && right !== null) expect(both).toBe(Math.max(left, right))
      }),
      { numRuns: cases(1_600) },
    )
  })
})
