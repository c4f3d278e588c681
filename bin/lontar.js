#!/usr/bin/env node
require('../dist/lontar.js')
