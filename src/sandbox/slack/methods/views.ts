/** views.*: opening, pushing, updating modals, and publishing Home. */
import { type Args, optionalText, requiredText, structured } from '../args.ts'
import { viewObject } from '../objects.ts'
import { SlackError } from '../slackError.ts'
import { openModal, publishHome, updateView } from '../views.ts'
import type { Context, Methods } from './method.ts'

export const viewMethods: Methods = {
  'views.open': { token: 'bot', scope: null, run: open },
  'views.push': {
    token: 'bot',
    scope: null,
    run: (context, args) => {
      const owner = context.triggers.ownerOf(requiredText(args, 'trigger_id'))
      // Pushing needs something to push onto.
      if (!context.workspace.modals.get(owner)?.length) throw new SlackError('invalid_trigger_id')
      return open(context, args)
    },
  },
  'views.update': {
    token: 'bot',
    scope: null,
    run: (context, args) => {
      const view = updateView(context.workspace, context, {
        viewId: optionalText(args, 'view_id'),
        externalId: optionalText(args, 'external_id'),
        hash: optionalText(args, 'hash'),
        view: viewOf(args),
      })
      return { view: viewObject(context.workspace, view) }
    },
  },
  'views.publish': {
    token: 'bot',
    scope: null,
    run: (context, args) => {
      const owner = requiredText(args, 'user_id')
      const home = { owner, hash: optionalText(args, 'hash'), view: viewOf(args) }
      return { view: viewObject(context.workspace, publishHome(context.workspace, context, home)) }
    },
  },
}

function open(context: Context, args: Args): Record<string, unknown> {
  const { workspace, triggers } = context
  const trigger = requiredText(args, 'trigger_id')
  const owner = triggers.ownerOf(trigger)
  const view = openModal(workspace, context, { owner, view: viewOf(args) })
  triggers.spend(trigger)
  return { view: viewObject(workspace, view) }
}

function viewOf(args: Args): unknown {
  return structured(args, 'view', 'invalid_arguments')
}
