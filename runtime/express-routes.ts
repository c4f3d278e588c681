import type { Express } from 'express'

/** What Express keeps of each layer: a route, or where something is mounted; a mounted router has a stack again. */
interface Layer {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> }
  readonly rawPath?: unknown
  readonly handle: { readonly stack?: readonly Layer[] }
}

/** Something that can answer: a route with its method (`_all` for any), or a handler that is mounted under a path. */
export type Served =
  | { readonly kind: 'route'; readonly method: string; readonly path: string }
  | { readonly kind: 'mounted'; readonly path: string }

/** All that an application really serves, in the order in which Express looks at it; what is mounted at its root is left out. */
export function servedBy(app: Express): Served[] {
  return walk((app as unknown as { router: { stack: readonly Layer[] } }).router.stack, '')
}

function walk(layers: readonly Layer[], mountedAt: string): Served[] {
  return layers.flatMap((layer): Served[] => {
    const { route } = layer
    const paths = [route ? route.path : layer.rawPath].flat().map((path) => `${mountedAt}${below(path)}`)
    if (route) {
      const methods = Object.keys(route.methods)
      return paths.flatMap((path) => methods.map((method) => ({ kind: 'route', method, path: path || '/' }) as const))
    }
    const inside = layer.handle.stack
    if (inside) return paths.flatMap((path) => walk(inside, path))
    return paths.flatMap((path) => (path === '' ? [] : [{ kind: 'mounted', path } as const]))
  })
}

function below(path: unknown): string {
  return text(path).replace(/^\/$/, '')
}

/** Another release of Express may keep it elsewhere: that must be seen, or routes would be missed. */
function text(path: unknown): string {
  if (typeof path === 'string') return path
  throw new Error(`a path that can not be read: ${String(path)}`)
}
