import yargs from 'yargs'
import { word } from '../options/index.js'
import { commandOf } from './command.js'
import { ownFlags } from './flags/option-flags.js'
import { groups } from './flags/shared-flags.js'

interface CompletionArguments {
  readonly shell?: 'bash' | 'zsh' | undefined
}

/** `paddle-ts completion`: the script that has a shell complete command lines. */
export const completionCommand = commandOf<CompletionArguments>({
  name: 'completion',
  describe: 'Print the script that completes command lines, for bash or zsh',
  guide: 'docs/cli.md',
  flags: ownFlags(groups.answers, {
    shell: [word('bash', 'zsh'), 'Which shell: bash or zsh [default: by the variable SHELL]'],
  }),
  examples: [
    ['For bash:', 'paddle-ts completion --shell bash >> ~/.bashrc'],
    ['For zsh:', 'paddle-ts completion --shell zsh >> ~/.zshrc'],
    ['For this shell alone:', 'source <(paddle-ts completion)'],
  ],
  run: ({ shell }) => {
    if (shell) nameShell(shell)
    yargs([]).scriptName('paddle-ts').showCompletionScript()
    return Promise.resolve()
  },
})

/** yargs takes the shell from the variables, and from nowhere else. */
function nameShell(shell: 'bash' | 'zsh'): void {
  process.env['SHELL'] = shell
  delete process.env['ZSH_NAME']
}
