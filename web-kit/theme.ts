import { createTheme, Loader, type MantineColorsTuple, Menu } from '@mantine/core'

/** The green of a palm leaf, from paper to ink: what can be acted on. */
const leaf: MantineColorsTuple = [
  '#eaf6f2',
  '#d3ebe3',
  '#a6d6c7',
  '#76c0aa',
  '#4fae91',
  '#35a281',
  '#1f8a6b',
  '#177457',
  '#0f5e46',
  '#084836',
]

/** The dried leaf that is written on: surfaces and lines, warmer than grey. */
const sand: MantineColorsTuple = [
  '#faf8f4',
  '#f2eee6',
  '#e5dfd3',
  '#d3cabb',
  '#b5aa98',
  '#8f8574',
  '#6f6657',
  '#554d41',
  '#38332b',
  '#211e19',
]

/** The one set of tokens: sizes, colours and corners are named here and nowhere else. */
export const theme = createTheme({
  primaryColor: 'leaf',
  // The library writes white on it in both schemes; lighter ones can't be read.
  primaryShade: 7,
  colors: { leaf, sand },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "Cascadia Mono", "Noto Sans Mono", monospace',
  // At arm's length, on an old screen.
  fontSizes: { xs: '0.8125rem', sm: '0.9375rem', md: '1.0625rem', lg: '1.1875rem', xl: '1.375rem' },
  headings: {
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.75rem' }, h2: { fontSize: '1.375rem' }, h3: { fontSize: '1.125rem' } },
  },
  defaultRadius: 'md',
  autoContrast: true,
  luminanceThreshold: 0.25,
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    // Or its label is of nothing.
    Loader: Loader.extend({ defaultProps: { role: 'status' } }),
    // A menu may hold items alone, and what the library would focus first is none.
    Menu: Menu.extend({ defaultProps: { withInitialFocusPlaceholder: false } }),
  },
})
