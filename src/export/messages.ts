import { z } from 'zod'
import { parseAs } from '../environment/index.js'

/** What `python/export_model.py` gets on stdin, as a line; `python/paddle_export/request.py` is the other end. */
export interface ExportRequest {
  /** The name of the folder, inside the target folder, in which the files are made. */
  readonly staging: string
  readonly labels: readonly string[] | null
}

const progress = z.object({ step: z.string(), done: z.number().optional(), total: z.number().optional() })

/** One line of its stdout; `python/paddle_export/reporter.py` is the other end. All but `progress` end the work. */
const messageForm = z.union([
  z.object({ progress }),
  z.object({ files: z.array(z.string()) }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  z.object({ importError: z.object({ type: z.string(), message: z.string() }) }),
])

export type ExportMessage = z.infer<typeof messageForm>

/** The message that a line is; undefined when it is none. */
export function parseMessage(line: string): ExportMessage | undefined {
  return parseAs(messageForm, line)
}
