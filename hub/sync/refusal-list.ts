import type { RefusalDocument } from '../../schemas/generated/types'
import type { Refusal } from './bulk-docs'
