import { startApp } from '../../web-kit/start-app'
import { ConsoleApp } from './console-app'
import { words } from './words'

void startApp(<ConsoleApp />, words)
