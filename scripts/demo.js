// Runs the tutorial's two steps with an untrained network, then the trained model of the package.
import { basename } from 'node:path'
import { must, printed } from './run.js'

const [node, bin] = [process.execPath, 'bin/paddle-ts.js']
const pictures = 'annotated'

must(node, [bin, 'export', '--model', 'mobilenet_v3_small', '--save-inference-dir', 'model'])
must(node, [bin, 'infer', '--model-dir', 'model', '--img-path', 'images/demo.jpg'], { stdout: true })

const lines = printed(node, [bin, 'infer', '--img-path', 'images/characters', '--save-dir', pictures])
process.stdout.write(lines)

// The name of each image starts with its label.
const answers = [...lines.matchAll(/^image_name: (.+), class_id: .*, label: (.+)$/gm)]
const right = answers.filter(([, image, label]) => basename(image).startsWith(`${label}-`))
process.stdout.write(
  `${right.length} of ${answers.length} results are correct. Annotated images: ${pictures}/\n`,
)
