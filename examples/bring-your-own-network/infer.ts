// Prices rides with a network of one's own: node infer.ts MODEL_DIR CARS.txt RIDES.csv
import { readFile } from 'node:fs/promises'
import { Pipeline, tensor, type Feeds } from 'paddle-ts'

const [modelDir, carsFile, ridesFile, ...others] = process.argv.slice(2)
if (modelDir === undefined || carsFile === undefined || ridesFile === undefined || others.length > 0) {
  console.error('Usage: node infer.ts MODEL_DIR CARS.txt RIDES.csv')
  process.exit(2)
}
// A mistake such as a missing file is one line; only a bug has a stack.
process.on('uncaughtException', (error) => {
  console.error('code' in error ? error.message : error)
  process.exit(1)
})
const linesOf = async (file: string): Promise<string[]> => (await readFile(file, 'utf8')).trim().split('\n')
// A car is the number of its line, as the network was trained.
const cars = await linesOf(carsFile)
const [, ...rides] = await linesOf(ridesFile)

/** What the network is fed for one ride: the first dimension is 1, so that rides can go through it together. */
function feedsOf(ride: string): Feeds {
  const [km, hour, car = ''] = ride.split(',')
  // An embedding that is asked for a row that it has not ends the run, or gives another one: what is unknown stops here.
  if (!cars.includes(car)) throw new RangeError(`Expected ${cars.join(', ')}, got ${car}.`)
  if (!(Number(km) >= 0)) throw new RangeError(`Expected kilometres, got ${km ?? ''}.`)
  if (!(Number.isInteger(Number(hour)) && Number(hour) >= 0 && Number(hour) < 24))
    throw new RangeError(`Expected an hour from 0 to 23, got ${hour ?? ''}.`)
  return {
    km: tensor('float32', [1, 1], [Number(km)]),
    codes: tensor('int64', [1, 2], [Number(hour), cars.indexOf(car)]),
  }
}

await using fares = await Pipeline.load(modelDir, {
  preprocess: (ride: string) => ({ feeds: feedsOf(ride) }),
  // Both outputs, in the order in which `forward` gives them; their names are paddle's.
  postprocess: (outputs) => {
    const [price, rates] = Object.values(outputs)
    return { price: Number(price?.data[0]), perKm: Number(rates?.data[1]) }
  },
})
for await (const { input, value, error } of fares.run(rides, { batchSize: 64 })) {
  if (error) process.exitCode = 1
  console.log(
    `${input}: ${error ? error.message : `${value.price.toFixed(2)}, ${value.perKm.toFixed(2)} a kilometre`}`,
  )
}
