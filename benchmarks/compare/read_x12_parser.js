// x12-parser: a stream of segments, as its README shows it.
const fs = require('node:fs')
const { load, measured } = require('./timing.js')

const { X12parser } = load('x12-parser')

measured('x12-parser', (file) => new Promise((resolve, reject) => {
  let sets = 0
  const parser = new X12parser()
  parser.on('error', reject)
  fs.createReadStream(file).pipe(parser)
    .on('data', (segment) => { if (segment.name === 'ST') sets += 1 })
    .on('end', () => resolve(sets))
}))
