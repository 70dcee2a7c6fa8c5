// The tutorial's two steps, with a network that nobody has trained; then the model that comes with the package, which knows something.
import { basename } from 'node:path'
import { must, printed } from './run.js'

const [node, bin] = [process.execPath, 'bin/paddle-ts.js']
const pictures = 'annotated'

must(node, [bin, 'export', '--model', 'mobilenet_v3_small', '--save-inference-dir', 'model'])
must(node, [bin, 'infer', '--model-dir', 'model', '--img-path', 'images/demo.jpg'], { stdout: true })

const told = printed(node, [bin, 'infer', '--img-path', 'images/characters', '--save-dir', pictures])
process.stdout.write(told)

// The name of each image begins with what it shows.
const answers = [...told.matchAll(/^image_name: (.+), class_id: .*, label: (.+)$/gm)]
const right = answers.filter(([, image, label]) => basename(image).startsWith(`${label}-`))
process.stdout.write(
  `${right.length} of ${answers.length} are what the images show. See them with their answers: ${pictures}/\n`,
)
