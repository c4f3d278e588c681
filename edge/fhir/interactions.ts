/**
 * What is served under /fhir. The router and the capability statement are both made from this table, so that the
 * statement tells the truth. Order matters: the first path that fits takes the request.
 */
export const INTERACTIONS = [
  { name: 'capabilities', method: 'get', path: '/metadata', scope: 'server' },
  { name: 'bundle', method: 'post', path: '/', scope: 'server' },
  { name: 'everything', method: 'get', path: '/Patient/:id/$everything', scope: 'patient' },
  { name: 'search', method: 'get', path: '/:type', scope: 'type', code: 'search-type' },
  { name: 'searchByForm', method: 'post', path: '/:type/_search', scope: 'type' },
  { name: 'create', method: 'post', path: '/:type', scope: 'type', code: 'create' },
  { name: 'read', method: 'get', path: '/:type/:id', scope: 'type', code: 'read' },
  { name: 'vread', method: 'get', path: '/:type/:id/_history/:version', scope: 'type', code: 'vread' },
  { name: 'history', method: 'get', path: '/:type/:id/_history', scope: 'type', code: 'history-instance' },
  { name: 'update', method: 'put', path: '/:type/:id', scope: 'type', code: 'update' },
  { name: 'delete', method: 'delete', path: '/:type/:id', scope: 'type', code: 'delete' },
] as const

export type InteractionName = (typeof INTERACTIONS)[number]['name']
