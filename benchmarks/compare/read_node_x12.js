// node-x12: `new X12Parser(true).parse(text)`, as its README shows it.
const fs = require('node:fs')
const { load, measured } = require('./timing.js')

const { X12Parser } = load('node-x12')

measured('node-x12', (file) => {
  const found = new X12Parser(true).parse(fs.readFileSync(file, 'utf8'))
  let sets = 0
  for (const interchange of found.interchanges ?? [found]) {
    for (const group of interchange.functionalGroups) sets += group.transactions.length
  }
  return sets
})
