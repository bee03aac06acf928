import { z } from 'zod'
import type { GrantWish } from '../approvals/grants/newGrant.ts'
import type { PersonClaim } from '../approvals/people/identify.ts'
import type { SetSubmission, Submission } from '../approvals/submission.ts'
import type { Action } from '../core/action.ts'
import { hopKinds, longestChain } from '../core/chain.ts'
import { durationPattern, secondsIn } from '../core/duration.ts'
import type { Json, JsonObject } from '../core/json.ts'
import { mostMembers } from '../core/set.ts'
import { shaped } from './body.ts'
import { grantAskSchema } from './grantSchema.ts'

const name = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(
      /^[a-z0-9][a-z0-9._:-]*$/,
      'Use lower-case letters, digits and . _ : - and begin with a letter or digit.',
    )

/** One line of text: what people must be able to compare by eye holds no control characters. */
const line = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]*$/u, 'Control characters and line breaks are not allowed here.')
    .regex(/^\S(.*\S)?$/su, 'Spaces at the beginning or end are not allowed here.')

/** Several lines of text. */
export const prose = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .regex(/^[^\p{Cs}]*$/u, 'The text holds half a surrogate pair.')
    .refine(
      (text) => !/[^\P{Cc}\n\r\t]/u.test(text),
      'Of the control characters, only tabs and line breaks are allowed.',
    )

const email = z
  .string()
  .max(254)
  .regex(/^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+$/u, 'This must be an e-mail address.')
const slackUserId = z
  .string()
  .regex(/^[UW][A-Z0-9]{2,31}$/, 'This must be a Slack user id, such as U012AB3CD.')
const entraUserId = z
  .string()
  .regex(
    /^[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}$/,
    'This must be an object id of Entra, such as 1b4e28ba-2fa1-41d2-883f-0016d3cca427.',
  )

/** Longer ones hold more than who somebody is. Without a signature it is one, too, so that its refusal can say what is wrong. */
const idToken = z
  .string()
  .max(12_000)
  .regex(/^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*$/, 'This must be an ID token: a signed JWT.')

const named = {
  email: email.optional(),
  slack_user_id: slackUserId.optional(),
  entra_user_id: entraUserId.optional(),
}

const claim = (what: string) =>
  z
    .strictObject(named)
    .refine(
      (person) => Object.keys(person).length === 1,
      `Name ${what} by exactly one of email, slack_user_id and entra_user_id.`,
    )

const initiatorClaim = z
  .strictObject({
    ...named,
    id_token: idToken
      .optional()
      .describe('What an identity provider has signed about them: then they are attested (docs/sign-in.md).'),
  })
  .refine(
    (person) => Object.keys(person).length === 1,
    'Name the initiator by exactly one of email, slack_user_id, entra_user_id and id_token.',
  )

/** Whom it leads to is seen at once: no name and password stand before the host. */
export const webAddress = z
  .string()
  .max(2_000)
  .refine(isWebAddress, 'This must be an http or https address without a user name or password.')

const seconds = { shortest: 60, longest: 7 * 86_400 } as const

const expiry = z
  .string()
  .regex(durationPattern, 'This must be a duration such as 30m, 2h or 1d.')
  .refine((text) => !durationPattern.test(text) || isAllowedExpiry(text), 'This must be between 1m and 7d.')

const actionFields = {
  action: name(200).describe('What the agent wants to do, such as `db.export`.'),
  resource: z.strictObject({ type: line(100), id: line(1_024) }).describe('What it acts on.'),
  params: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('Everything else that the action depends on.'),
  environment: name(64).describe('Where, such as `prod`.'),
}

/** An action alone, as it is asked for: the four fields that are digested. */
export const actionSchema = z.strictObject(actionFields)

const involved = z
  .array(claim('each person'))
  .max(10)
  .default([])
  .describe('Others who are behind the action: they cannot decide on it either.')

const hop = z.strictObject({
  kind: z.enum(hopKinds),
  name: line(100).describe('Of an agent that is registered here, its name or its id here.'),
})

/** What is said around an action, or around several that are asked together. */
const aroundFields = {
  reason: prose(3_000).optional().describe('Why, in the words of the agent. Shown to people as not checked.'),
  initiator: initiatorClaim.optional().describe("On whose behalf. Without it, the agent's owner."),
  run: z
    .strictObject({
      model: line(200).optional(),
      session: line(200).optional(),
      url: webAddress.optional(),
      through: z
        .array(hop)
        .min(1)
        .max(longestChain)
        .optional()
        .describe(
          'Whom the initiator asked, in order, down to what acts: yourself among them (docs/api.md#chains).',
        ),
    })
    .optional()
    .describe('Which run of the agent this belongs to.'),
  expires_in: expiry
    .optional()
    .describe('Shortens how long people have: `1m` to `7d`. Policy may allow less.'),
  callback_url: z
    .string()
    .max(2_000)
    .optional()
    .describe('An https address that is told what happens to this request, signed.'),
}

const requestId = z.string().regex(/^req_[0-9a-z]{26}$/, 'This must be the id of a request.')

/** What an agent sends (docs/api.md#ask). Strict: what is not here is refused, not ignored. The ids name the schemas in openapi.json. */
export const submissionSchema = z
  .strictObject({
    ...actionFields,
    ...aroundFields,
    involved,
    revises: requestId
      .optional()
      .describe(
        'Your pending request that this one is asked instead of, because people asked for changes (docs/api.md#revise).',
      ),
    rolls_back: requestId
      .optional()
      .describe('Of a rollback: your request whose execution it undoes (docs/rollbacks.md).'),
    rollback: actionSchema
      .optional()
      .describe('What would undo it: asked for, and decided, with it (docs/rollbacks.md).'),
    grant: z
      .union([z.boolean(), grantAskSchema], 'This must be true, false, or an object with an audience.')
      .optional()
      .describe('The grant comes with the answer where policy allows the action at once (docs/grants.md).'),
  })
  .meta({ id: 'Ask' })

/** What an agent sends that asks for several actions together (docs/sets.md). */
export const setSchema = z
  .strictObject({
    requests: z
      .array(z.strictObject({ ...actionFields, involved }))
      .min(1)
      .max(mostMembers)
      .describe('1 to 20 actions, each of them once: a request is made for each.'),
    ...aroundFields,
  })
  .meta({ id: 'AskTogether' })

/** What a body of that schema says, as an action. */
export function actionOf(sent: z.infer<typeof actionSchema>): Action {
  const params = sent.params as JsonObject // parsed edge: the body came from parseStrictJson, so every value is JSON
  return { action: sent.action, resource: sent.resource, params, environment: sent.environment }
}

type SubmissionBody = z.infer<typeof submissionSchema>

/** @throws Refusal `invalid_request` with all its places */
export function parseSubmission(body: Json): Submission {
  return submissionOf(shaped(submissionSchema, body))
}

/** @throws Refusal as `parseSubmission` */
export function parseSetSubmission(body: Json): SetSubmission {
  const sent = shaped(setSchema, body)
  const members = sent.requests.map((one) => ({
    action: actionOf(one),
    involved: one.involved.map(claimOf),
  }))
  return { members, ...aroundOf(sent) }
}

function submissionOf(sent: SubmissionBody): Submission {
  return {
    action: actionOf(sent),
    involved: sent.involved.map(claimOf),
    ...aroundOf(sent),
    ...(sent.grant && { grant: wishOf(sent.grant) }),
    ...(sent.revises !== undefined && { revises: sent.revises }),
    ...(sent.rolls_back !== undefined && { rollsBack: sent.rolls_back }),
    ...(sent.rollback && { rollback: actionOf(sent.rollback) }),
  }
}

type Around = Pick<SubmissionBody, keyof typeof aroundFields>

/** What all that is asked in one body have in common. */
function aroundOf(sent: Around): Omit<SetSubmission, 'members'> {
  const { run } = sent
  return {
    reason: sent.reason ?? null,
    initiator: sent.initiator ? initiatorOf(sent.initiator) : null,
    run: run ? withoutUndefined(run) : null,
    expiresInSeconds: sent.expires_in ? secondsIn(sent.expires_in) : null,
    ...(sent.callback_url !== undefined && { callbackUrl: sent.callback_url }),
  }
}

/** Without a proof: that is in a header. */
function wishOf(sent: Exclude<SubmissionBody['grant'], undefined | false>): GrantWish {
  return { audience: sent === true ? null : (sent.audience ?? null), proof: null }
}

/** The schema has made sure that exactly one is there. */
function initiatorOf({ id_token, ...person }: z.infer<typeof initiatorClaim>): Submission['initiator'] {
  return id_token === undefined ? claimOf(person) : { idToken: id_token }
}

/** The schema has made sure that exactly one is there. */
function claimOf(person: SubmissionBody['involved'][number]): PersonClaim {
  if (person.email !== undefined) return { email: person.email }
  if (person.entra_user_id === undefined) return { address: `slack:${person.slack_user_id}` }
  return { address: `teams:${person.entra_user_id.toLowerCase()}`, by: 'entra_user_id' }
}

function withoutUndefined({
  model,
  session,
  url,
  through,
}: NonNullable<SubmissionBody['run']>): NonNullable<Submission['run']> {
  return {
    ...(model !== undefined && { model }),
    ...(session !== undefined && { session }),
    ...(url !== undefined && { url }),
    ...(through !== undefined && { through }),
  }
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text) || /[\s\p{Cc}]/u.test(text)) return false
  const { protocol, username, password } = new URL(text)
  return (protocol === 'http:' || protocol === 'https:') && username === '' && password === ''
}

function isAllowedExpiry(text: string): boolean {
  const wanted = secondsIn(text)
  return wanted >= seconds.shortest && wanted <= seconds.longest
}
