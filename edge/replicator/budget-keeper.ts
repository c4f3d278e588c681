import type { buildConnector } from 'undici'
import type { Budget } from '../../schemas/generated/types'
import { type Allowance, allowance, type Limits, limitsOf } from './budget'
import type { BudgetUse } from './budget-use'
import type { Lane } from './lane'
import { Pacer } from './pacer'
import { WireCount } from './wire-count'

/** The budget of this edge and that of the hub together, and what of it is used. */
export class BudgetKeeper {
  readonly pacer = new Pacer()
  readonly #others: WireCount
  /** Makes every connection to the hub but the push's own, which counts itself as it goes. */
  readonly connector: WireCount['connector']
  #hub: Budget = {}
  #limits: Limits

  constructor(
    private readonly own: Budget,
    private readonly use: BudgetUse,
    private readonly now: () => Date,
    /** Of every connection to the hub: whom it trusts. */
    readonly trust: buildConnector.BuildOptions = {},
  ) {
    this.#others = new WireCount((bytes) => this.count(bytes), trust)
    this.connector = this.#others.connector
    this.#limits = limitsOf([own])
    this.pacer.bytesPerSecond = this.#limits.bytesPerSecond
  }

  get bytesToday(): number {
    this.#others.look()
    return this.use.on(this.now())
  }

  /** What the hub's operator has set. */
  useHub(budget: Budget): void {
    if (JSON.stringify(budget) === JSON.stringify(this.#hub)) return
    this.#hub = budget
    this.#limits = limitsOf([this.own, budget])
    this.pacer.bytesPerSecond = this.#limits.bytesPerSecond
  }

  allowance(lane: Lane): Allowance {
    return allowance(this.#limits, { now: this.now(), usedToday: this.bytesToday, lane })
  }

  count(bytes: number): void {
    this.use.add(bytes, this.now())
  }

  keep(): Promise<void> {
    this.#others.look()
    return this.use.keep()
  }
}
