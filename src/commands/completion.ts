import yargs from 'yargs'
import { commandOf } from './command.js'
import { under, wordOf } from './flag.js'
import { groups } from './shared-flags.js'

interface CompletionArguments {
  readonly shell?: 'bash' | 'zsh' | undefined
}

/** `paddle-ts completion`: the script that has a shell complete command lines. */
export const completionCommand = commandOf<CompletionArguments>({
  name: 'completion',
  describe: 'Print the script that completes command lines, for bash or zsh',
  guide: 'docs/cli.md',
  flags: under(groups.answers, {
    shell: {
      ...wordOf('shell', ['bash', 'zsh']),
      describe: 'Which shell: bash or zsh [default: by the variable SHELL]',
    },
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
