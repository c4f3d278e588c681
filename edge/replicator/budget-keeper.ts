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
  #facility: Budget = {}
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
    this.#apply()
  }

  /** What the facility's people have set themselves. */
  useFacility(budget: Budget): void {
    this.#facility = budget
    this.#apply()
  }

  /** Who allows what. */
  get budgets(): { settings: Budget; facility: Budget; ministry: Budget } {
    return { settings: this.own, facility: this.#facility, ministry: this.#hub }
  }

  /** Newest first. */
  get days(): { day: string; bytes: number }[] {
    this.#others.look()
    return this.use.all()
  }

  allowance(lane: Lane): Allowance {
    return allowance(this.#limits, { now: this.now(), usedToday: this.bytesToday, lane })
  }

  count(bytes: number): void {
    this.use.add(bytes, this.now())
  }

  #apply(): void {
    this.#limits = limitsOf([this.own, this.#facility, this.#hub])
    this.pacer.bytesPerSecond = this.#limits.bytesPerSecond
  }

  keep(): Promise<void> {
    this.#others.look()
    return this.use.keep()
  }
}
