import { DecoratorHandler, type Dispatcher } from 'undici'

/** What a 202 of CouchDB is taken for, whatever was asked. */
export const NO_QUORUM = 'fewer nodes have written than the quorum asks for'

/**
 * A 202 is no success: a cluster answers so where fewer nodes have written than its quorum asks for
 * (https://docs.couchdb.org/en/stable/cluster/theory.html), and one that dies may take along what was written (laws 3 and 6).
 * nano gives bodies and no statuses, and this one's body is that of a 201, so it is broken off below nano.
 */
export function refusingNoQuorum(dispatcher: Dispatcher): Dispatcher {
  return dispatcher.compose((dispatch) => (options, handler) => dispatch(options, new QuorumHandler(handler)))
}

type OnResponseStart = NonNullable<Dispatcher.DispatchHandler['onResponseStart']>

/** undici's own, whose types leave its methods out. */
const Decorator = DecoratorHandler as unknown as new (
  handler: Dispatcher.DispatchHandler,
) => { onResponseStart(...args: Parameters<OnResponseStart>): void }

class QuorumHandler extends Decorator {
  override onResponseStart(...args: Parameters<OnResponseStart>): void {
    const [controller, status] = args
    if (status === 202) controller.abort(new Error(NO_QUORUM))
    else super.onResponseStart(...args)
  }
}
