import type { Today } from '../../../schemas/generated/types'

export type Task = Today['tasks'][number]

/** Where one does something about a task, and what the link to it says. */
export function whereOf({ kind }: Task): {
  to: string
  says: 'registrations' | 'facilities' | 'refused' | 'btg' | 'settings'
} {
  switch (kind) {
    case 'registrations-waiting':
    case 'data-access-waiting':
      return { to: '/registrations', says: 'registrations' }
    case 'documents-refused':
      return { to: '/refused', says: 'refused' }
    case 'btg-to-review':
      return { to: '/audit/broken-glass', says: 'btg' }
    case 'certificate-expiring':
      return { to: '/settings', says: 'settings' }
    case 'node-silent':
      return { to: '/facilities?state=silent', says: 'facilities' }
    case 'node-behind':
      return { to: '/facilities?state=node-behind&sort=oldest', says: 'facilities' }
    case 'disk-low':
    case 'clock-wrong':
      return { to: `/facilities?state=${kind}`, says: 'facilities' }
  }
}
