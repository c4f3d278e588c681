import { startApp } from '../../web-kit/start-app'
import { ClinicApp } from './clinic-app'
import { words } from './words'

void startApp(<ClinicApp />, words)
