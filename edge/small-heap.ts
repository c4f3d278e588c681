import { setFlagsFromString } from 'node:v8'

/**
 * The edge runs on a small computer beside other programs. V8 lets a heap grow to four times what lives in it before it
 * collects, and the space for what is young to 32 MB; while records are read and sent, nearly all of that is garbage. Neither
 * flag is a limit: a heap of any size is still made where something needs it (`--max-old-space-size` is as it was).
 */
const FLAGS = [
  // Collected when a third has come on top of what lived at the last time.
  '--heap-growing-percent=30',
  // What is young stays at the 2 MB that it begins with.
  '--semi-space-growth-factor=1',
]

/** Before the program is loaded: what has grown stays. */
for (const flag of FLAGS) setFlagsFromString(flag)
