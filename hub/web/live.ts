/** What is on the screen is asked for again so often, while it is looked at. */
export const LIVE = { refetchInterval: 10_000 } as const
