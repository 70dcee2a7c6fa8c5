// Compiles assembly/arithmetic.ts into src/image/wasm/kernels.wasm.ts: npm run build:wasm
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compile } from './compile-wasm.js'
import { root } from './run.js'

writeFileSync(join(root, 'src/image/wasm/kernels.wasm.ts'), await compile())
