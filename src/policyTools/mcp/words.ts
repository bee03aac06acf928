/** The words of a name, in lower case: `ScheduledTasksPause`, `get-file_contents` and `_x/list`. */
export function wordsOf(name: string): readonly string[] {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
}

export type Verb = 'read' | 'write' | 'destroy'

const reading = wordSet(
  'get list ls read search find lookup describe show view fetch check count query inspect analyze analyse explain validate verify compare diff browse detect estimate calculate preview summarize recommend discover retrieve status',
)
const writing = wordSet(
  'create add update put write edit modify patch insert append upsert save send publish push upload import submit restart reboot pause resume trigger rerun execute exec eval invoke apply deploy install enable disable attach detach assign unassign move rename merge approve reject cancel reschedule register untag invite subscribe unsubscribe configure change toggle rollback restore sync transfer pay charge refund reserve unlock rotate manage provision migrate reopen acknowledge unmute click navigate',
)
const destroying = wordSet(
  'delete remove rm drop destroy purge truncate wipe kill terminate uninstall revoke erase clear flush deregister unregister decommission abort',
)
/** Nouns as well, so what they mean depends on where they stand. */
const ambiguous = wordSet(
  'set new post start stop run call copy schedule tag label mark reply comment share scale build commit book order lock complete close open resolve mute type fill press drag select hover reset',
)

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}

interface Found {
  readonly word: string
  readonly verb: Verb
}

/**
 * What a name says is done, and by which word. A name that begins with a word of reading reads, unless another follows after "and" or
 * "or"; otherwise a word that can only be a change says so wherever it stands.
 */
export function verbIn(words: readonly string[]): Found | null {
  const [first = ''] = words
  const joined = words.filter((_, index) => ['and', 'or', 'then'].includes(words[index - 1] ?? ''))
  if (isOne(reading, first)) return changing(joined) ?? { word: first, verb: 'read' }
  const certain = changing(words)
  if (certain !== null) return certain
  const last = words.at(-1) ?? ''
  if (isOne(reading, last)) return { word: last, verb: 'read' }
  if (isOne(ambiguous, first)) return { word: first, verb: 'write' }
  const read = words.find((word) => isOne(reading, word))
  if (read !== undefined) return { word: read, verb: 'read' }
  return isOne(ambiguous, last) ? { word: last, verb: 'write' } : null
}

/** What the first word of a sentence says is done; one that is a noun as well says nothing ("Start here"). */
export function verbOf(sentence: string): Found | null {
  const [first = ''] = wordsOf(sentence.slice(0, 200))
  return isOne(reading, first) ? { word: first, verb: 'read' } : changing([first])
}

function changing(words: readonly string[]): Found | null {
  for (const word of words) {
    if (isOne(destroying, word)) return { word, verb: 'destroy' }
    if (isOne(writing, word)) return { word, verb: 'write' }
  }
  return null
}

/** `creates` and `pushes`, too. */
function isOne(verbs: ReadonlySet<string>, word: string): boolean {
  return verbs.has(word) || verbs.has(word.replace(/s$/, '')) || verbs.has(word.replace(/es$/, ''))
}

/** What is about who may do what. */
const rights =
  /^(users?|roles?|permissions?|polic(y|ies)|grants?|tokens?|keys?|secrets?|credentials?|passwords?|access|acls?|members?|memberships?|iam|sso|rbac)$/

export function isAboutRights(words: readonly string[]): boolean {
  return words.some((word) => rights.test(word))
}

const secret =
  /secret|passw|credential|token|connection[-_. ]?string|kube[-_. ]?config|(api|private|access|signing|account|storage)[-_. ]?keys?\b|key[-_. ]?get|get[-_. ]?keys?\b|certificate|auth[-_. ]?config|(?<!case[-_ ])sensitive[-_.\s]+(?:\w+\s+){0,2}(?:information|data|values?|contents?|settings?|records?)|confidential|(^|[-_. ])env($|[-_. ])/

/** What of a text speaks of secrets; null where nothing does. Reading one of those is having it. */
export function secretIn(text: string): string | null {
  return secret.exec(text.toLowerCase())?.[0].trim() ?? null
}
