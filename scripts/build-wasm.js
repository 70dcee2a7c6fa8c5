// Compiles assembly/pillow-bilinear.ts into src/image/pillow-bilinear.wasm.ts: npm run build:wasm
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compile-wasm.js'
import { root } from './run.js'

writeFileSync(join(root, 'src/image/pillow-bilinear.wasm.ts'), await compile())
