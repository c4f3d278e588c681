import type { Express } from 'express'

/** Express says it of each layer: a route, or where something is mounted; a mounted router has a stack again. */
interface Layer {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> }
  readonly rawPath?: unknown
  readonly handle: { readonly stack?: readonly Layer[] }
}

/** `GET /imports/{id}`: every route that an application really has, in the words of OpenAPI. */
export function routesOf(app: Express): string[] {
  const layers = (app as unknown as { router: { stack: readonly Layer[] } }).router.stack
  const found = walk(layers, '')
  const named = new Set(found.filter(({ method }) => method !== '_all').map(({ path }) => path))
  return found
    .flatMap(({ method, path }) => {
      if (method !== '_all') return [`${method.toUpperCase()} ${path}`]
      // Beside others a route for all methods answers 405; by itself it takes GET, and refuses the others in its own way.
      return named.has(path) ? [] : [`GET ${path}`]
    })
    .sort()
}

function walk(layers: readonly Layer[], mountedAt: string): { method: string; path: string }[] {
  return layers.flatMap((layer) => {
    if (!layer.route) return layer.handle.stack ? walk(layer.handle.stack, `${mountedAt}${below(layer.rawPath)}`) : []
    const { path, methods } = layer.route
    return [path]
      .flat()
      .flatMap((one) => Object.keys(methods).map((method) => ({ method, path: `${mountedAt}${below(one)}` || '/' })))
  })
}

function below(path: unknown): string {
  return text(path)
    .replace(/^\/$/, '')
    .replace(/:([A-Za-z]+)/g, '{$1}')
}

/** Another release of Express may keep it elsewhere: that must be seen, or routes would be missed. */
function text(path: unknown): string {
  if (typeof path === 'string') return path
  throw new Error(`a path that can not be read: ${String(path)}`)
}
