import { startApp } from '../../web-kit/start-app'
import { ClinicApp } from './clinic-app'
import { en } from './words/en'
import { id } from './words/id'

void startApp(<ClinicApp />, { en, id })
