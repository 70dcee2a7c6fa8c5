// Exports MobileNetV3-small to model/ and infers images/demo.jpg; the answer is on stdout.
import { must } from './run.js'

const bin = 'bin/paddle-ts.js'
must(process.execPath, [bin, 'export', '--model', 'mobilenet_v3_small', '--save-inference-dir', 'model'])
must(process.execPath, [bin, 'infer', '--model-dir', 'model', '--img-path', 'images/demo.jpg'], {
  stdout: true,
})
