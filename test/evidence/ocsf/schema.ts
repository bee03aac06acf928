import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { JsonObject } from '../../../src/core/json.ts'
import type { OcsfVersion } from '../../../src/evidence/ocsf/words.ts'

type Captions = Readonly<Record<string, string>>

/** What derive.mjs made of the schema itself. */
interface OcsfSchema {
  readonly captions: Readonly<Record<'severity_id' | 'status_id' | 'action_id' | 'disposition_id', Captions>>
  readonly classes: Readonly<Record<string, { readonly $comment: string }>>
  readonly $defs: object
}

function schemaOf(version: OcsfVersion): OcsfSchema {
  return JSON.parse(readFileSync(`test/vectors/ocsf/${version}.json`, 'utf8'))
}

/** What OCSF calls the numbers of a class: of its activities and of what is the same in all. */
export function captionsOf(version: OcsfVersion, classUid: number) {
  const { captions, classes } = schemaOf(version)
  const activities: Captions = JSON.parse(classes[classUid]?.$comment ?? '{}')
  return { ...captions, activities }
}

/** Says what is wrong with an event, by the schema of its class and version; nothing when it is right. */
export function ocsfJudge(version: OcsfVersion): (event: JsonObject) => readonly string[] {
  const { classes, $defs } = schemaOf(version)
  const ajv = new Ajv2020({ allErrors: true, strict: false })
  const judges = Object.entries(classes).map(
    ([uid, schema]) => [uid, ajv.compile({ ...schema, $defs })] as const,
  )
  return (event) => {
    const judge = judges.find(([uid]) => uid === String(event.class_uid))?.[1]
    if (!judge) return [`${version} has no class ${event.class_uid}`]
    judge(event)
    return (judge.errors ?? []).map(
      ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
    )
  }
}
