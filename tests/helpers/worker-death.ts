import { expect } from '@jest/globals'

/** What the worker was fed, unless it had ended before the run. */
const fed = '(?:It was fed: `[^\\n]+\\.\\n)?'

const killed =
  'It was killed, perhaps because the system ran out of memory: feed smaller batches, or free memory\\.'

/** Matches the message of a run that ended in the kill of its worker. */
export function killedIn(model: string, { oneDnn, tries }: { oneDnn: boolean; tries?: number }): string {
  const died = `The worker died with SIGKILL during \`run\` \\(${model}/inference\\.pdmodel, oneDNN ${oneDnn ? 'on' : 'off'}\\)\\. It wrote nothing\\.`
  const tried = tries === undefined ? [] : [`The run was tried ${tries} times\\.`]
  return expect.stringMatching(
    new RegExp(`^${[died, ...tried, fed + killed].join('\n')}$`),
  ) as unknown as string
}
