import { type Command, Option } from 'commander'
import {
  addCommand,
  confirmCommand,
  handOverCommand,
  limitCommand,
  listCommand,
  revokeCommand,
  rotateCommand,
  tagCommand,
} from './agents.ts'
import type { Guard } from './guard.ts'
import { person } from './person.ts'

/** `countersign agents …` */
export function addAgentCommands(program: Command, guarded: Guard): void {
  const agents = program.command('agents').description('register agents and manage their keys')
  agents
    .command('add <name>')
    .description('register an agent and print its key, once; it works when its owner has confirmed it')
    .requiredOption(
      '--owner <person>',
      `who answers for the agent ${person}; they can never approve what it asks for`,
    )
    .addOption(byOption())
    .addOption(expiresOption())
    .action(guarded(addCommand))
  agents.command('list').description('list all agents').action(guarded(listCommand))
  agents
    .command('rotate <name>')
    .description('give an agent a new key and revoke its old ones at once')
    .addOption(byOption())
    .addOption(expiresOption())
    .action(guarded(rotateCommand))
  addChanges(agents, guarded)
}

function addChanges(agents: Command, guarded: Guard): void {
  agents
    .command('hand-over <name>')
    .description(
      'make somebody else the owner of an agent, such as when its owner has left; it happens when both have confirmed it, and one who has left is not asked; both stay behind what waits now',
    )
    .requiredOption('--to <person>', `who answers for the agent from now on ${person}`)
    .requiredOption('--by <person>', `who runs this command ${person}`)
    .action(guarded(handOverCommand))
  agents
    .command('limit <name>')
    .description(
      'set how much an agent may do on each server; less acts at once, more needs a key of its owner in COUNTERSIGN_OPERATOR_KEY',
    )
    .option('--rate <count>', 'new requests a second; of what asks nobody five times as many')
    .option('--burst <count>', 'new requests at once, after a pause')
    .option('--waiting <count>', 'calls that wait at the same time')
    .option('--default', 'what every agent may')
    .addOption(byOption())
    .action(guarded(limitCommand))
  agents
    .command('tag <name> [tags...]')
    .description(
      'set the tags of an agent, all of them: what rules read as agent.tags; needs a key of its owner in COUNTERSIGN_OPERATOR_KEY',
    )
    .option('--none', 'no tags')
    .addOption(byOption())
    .action(guarded(tagCommand))
  agents
    .command('confirm <name>')
    .description('ask everybody again who has to confirm an agent, its key or that it is handed over')
    .action(guarded(confirmCommand))
  agents
    .command('revoke <name>')
    .description('revoke an agent and its keys at once; what it asked for and still waits is cancelled')
    .addOption(byOption())
    .action(guarded(revokeCommand))
}

function expiresOption(): Option {
  return new Option('--expires <time>', 'how long the key works, such as 90d; default: until it is revoked')
}

/** Whoever makes a key is behind what is asked for with it. */
function byOption(): Option {
  return new Option('--by <person>', `who runs this command ${person}; default: the agent's owner`)
}
