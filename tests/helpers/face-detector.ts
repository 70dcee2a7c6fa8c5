import { cp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { realModels } from './real-models.js'

/** The infer_cfg.yml that PaddleDetection exports with the model. */
export const inferCfg = `mode: paddle
draw_threshold: 0.5
arch: Face
Preprocess:
- type: Resize
  target_size: [180, 320]
  keep_ratio: false
  interp: 1
- type: NormalizeImage
  is_scale: false
  mean: [123, 117, 104]
  std: [127.502231, 127.502231, 127.502231]
- type: Permute
label_list: [background, face]
`

/** Copies the trained face detector to a folder, with its infer_cfg.yml. */
export async function copyFaceDetector(folder: string): Promise<void> {
  await cp(join(realModels, 'face-detector-legacy'), folder, { recursive: true })
  await writeFile(join(folder, 'infer_cfg.yml'), inferCfg)
}
