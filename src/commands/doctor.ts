import type { CommandModule } from 'yargs'
import type { Check } from './doctor/check.js'
import { textValue } from './flag-values.js'

interface DoctorArguments {
  readonly json: boolean
  readonly python?: string | undefined
}

/** `paddle-ts doctor`: looks at everything that inference needs, changes nothing. */
export const doctorCommand: CommandModule<object, DoctorArguments> = {
  command: 'doctor',
  describe: 'Check Node, the system, the Python, Paddle, and a real inference',
  builder: (yargs) =>
    yargs.options({
      json: { type: 'boolean', default: false, describe: 'Print the answer as JSON' },
      python: {
        type: 'string',
        requiresArg: true,
        coerce: textValue('python'),
        describe: 'Python to check [default: PADDLE_TS_PYTHON, else the managed one]',
      },
    }),
  handler: async ({ json, python }) => {
    const { examine } = await import('./doctor/examine.js')
    const checks = await examine({ python })
    const ok = checks.every(({ status }) => status !== 'failure')
    process.stdout.write(json ? `${JSON.stringify({ ok, checks }, undefined, 2)}\n` : asText(checks))
    if (!ok) process.exitCode = 1
  },
}

/** One line for each check; its remedy below it. */
function asText(checks: readonly Check[]): string {
  const widest = Math.max(...checks.map(({ name }) => name.length))
  const indent = ' '.repeat('failure  '.length + widest + 2)
  return checks
    .map(({ name, status, detail, remedy }) => {
      const lines = [...detail.split('\n'), ...(remedy?.split('\n') ?? [])]
      return `${status.padEnd(9)}${name.padEnd(widest + 2)}${lines.join(`\n${indent}`)}\n`
    })
    .join('')
}
