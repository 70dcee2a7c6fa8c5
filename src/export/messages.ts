import { z } from 'zod'

/** The request of `python/export_model.py`; `python/paddle_export/request.py` is the other end. */
export interface ExportRequest {
  /** The name of the folder, inside the target folder, in which the files are made. */
  readonly staging: string
  readonly labels: readonly string[] | null
}

const progress = z.object({ step: z.string(), done: z.number().optional(), total: z.number().optional() })

/** One message of it; `python/paddle_export/reporter.py` is the other end. All but `progress` end the work. */
export const messageForm = z.union([
  z.object({ progress }),
  z.object({ files: z.array(z.string()) }),
  z.object({ error: z.object({ code: z.string(), message: z.string() }) }),
  z.object({ importError: z.object({ type: z.string(), message: z.string() }) }),
])

export type ExportMessage = z.infer<typeof messageForm>
