import yargs from 'yargs'
import { word } from '../options/index.js'
import { commandOf } from './command.js'
import { ownFlags } from './flags/option-flags.js'
import { groups } from './flags/shared-flags.js'

interface CompletionArguments {
  readonly shell?: 'bash' | 'zsh' | undefined
}

/** `paddle-ts completion`: prints the shell completion script. */
export const completionCommand = commandOf<CompletionArguments>({
  name: 'completion',
  describe: 'Print the shell completion script, for bash or zsh',
  guide: 'docs/cli.md',
  runsAnywhere: true,
  flags: ownFlags(groups.answers, {
    shell: [word('bash', 'zsh'), 'The shell: bash or zsh [default: by the variable SHELL]'],
  }),
  examples: [
    ['For bash:', 'paddle-ts completion --shell bash >> ~/.bashrc'],
    ['For zsh:', 'paddle-ts completion --shell zsh >> ~/.zshrc'],
    ['For the current shell only:', 'source <(paddle-ts completion)'],
  ],
  run: ({ shell }) => {
    if (shell) nameShell(shell)
    yargs([]).scriptName('paddle-ts').showCompletionScript()
    return Promise.resolve()
  },
})

/** yargs detects the shell by these variables only. */
function nameShell(shell: 'bash' | 'zsh'): void {
  process.env['SHELL'] = shell
  delete process.env['ZSH_NAME']
}
