import type { CommandModule } from 'yargs'
import { convertCommand } from '../commands/convert.js'
import { doctorCommand } from '../commands/doctor.js'
import { exportCommand } from '../commands/export.js'
import { inferCommand } from '../commands/infer.js'
import { inspectCommand } from '../commands/inspect.js'
import { setupCommand } from '../commands/setup.js'

/** The commands in the order in which the help lists them; yargs holds each one's options to its builder. */
export const commands: readonly CommandModule[] = [
  setupCommand,
  doctorCommand,
  exportCommand,
  inferCommand,
  inspectCommand,
  convertCommand,
] as readonly unknown[] as readonly CommandModule[]
