/**
 * Loaded into a program before its own code (`NODE_OPTIONS=--require`): its wall clock is wrong by CLOCK_SHIFT_MS, and
 * jumps by CLOCK_JUMP_MS at each SIGUSR2, as when somebody sets it. Timers and `performance` are not touched: nor are
 * they in a machine whose clock is set.
 */
const RealDate = Date
let shiftMs = Number(process.env['CLOCK_SHIFT_MS'] ?? 0)
const now = () => RealDate.now() + shiftMs

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
})
process.on('SIGUSR2', () => {
  shiftMs += Number(process.env['CLOCK_JUMP_MS'] ?? 0)
})
