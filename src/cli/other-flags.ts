/**
 * Flags that users of other programs try, with what the commands here have instead; the first one that a command
 * has is meant.
 */
export const otherFlags: Readonly<Record<string, readonly string[]>> = {
  model: ['--model-dir DIR'],
  models: ['--model-dir DIR'],
  'model-path': ['--model-dir DIR'],
  weights: ['--model-dir DIR', '--pretrained FILE'],
  gpu: ['--use-gpu', '--device gpu'],
  cuda: ['--use-gpu', '--device gpu'],
  device: ['--use-gpu'],
  cpu: ['--device cpu'],
  csv: ['--output FILE.csv'],
  jsonl: ['--output FILE.jsonl'],
  npy: ['--output FILE.npy'],
  out: ['--output FILE'],
  image: ['--img-path PATH'],
  images: ['--img-path PATH'],
  input: ['--img-path PATH'],
  source: ['--img-path PATH'],
  save: ['--save-dir DIR', '--save-inference-dir DIR'],
  draw: ['--save-dir DIR'],
  top: ['--topk K'],
  conf: ['--threshold SCORE'],
  confidence: ['--threshold SCORE'],
  score: ['--threshold SCORE'],
  threads: ['--cpu-threads N'],
  jobs: ['--workers N'],
  batch: ['--batch-size N'],
  debug: ['--verbose'],
}
