import { variableOf } from '../commands/argv.js'
import type { Command } from '../commands/command.js'
import { nearestName } from '../nearest-name.js'

const prefix = 'PADDLE_TS_'

/** The variables that stand for no flag; each flag of a command has one (`variableOf`). */
const otherVariables: readonly string[] = ['PADDLE_TS_HOME']

/** Those of the tests and scripts of this project, which their commands inherit. */
const ofTests = /^PADDLE_TS_(?:BUILD|FAULT|FUZZ|SOAK|TEST)(?:_|$)/

/**
 * Warnings of variables that are set and mean nothing, one line each. Empty ones are ignored, as everywhere.
 *
 * @param allCommands - loads all commands; called only if the one that runs does not know each variable
 */
export async function unknownVariables(
  command: Command,
  allCommands: () => Promise<readonly Command[]>,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<string[]> {
  const set = Object.keys(environment).filter(
    (name) => name.startsWith(prefix) && environment[name] !== '' && !ofTests.test(name),
  )
  const ofThis = variablesOf([command])
  if (set.every((name) => ofThis.includes(name))) return []
  const known = variablesOf(await allCommands())
  const names = known.map((name) => name.slice(prefix.length))
  return set
    .filter((name) => !known.includes(name))
    .sort()
    .map((name) => {
      const near = nearestName(name.slice(prefix.length).toUpperCase(), names)
      const meant = near === undefined ? '' : ` Did you mean ${prefix}${near}?`
      return `Warning: The variable ${name} has no effect: no flag has this name.${meant}\n`
    })
}

function variablesOf(commands: readonly Command[]): readonly string[] {
  return [...otherVariables, ...new Set(commands.flatMap(({ flags }) => Object.keys(flags).map(variableOf)))]
}
