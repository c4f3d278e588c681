#!/usr/bin/env node
if (process.argv[2] === 'edge') require('../dist/edge/small-heap.js')
require('../dist/lontar.js')
