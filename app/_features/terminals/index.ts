export { TerminalDeskPage } from './terminal-desk-page.tsx';
export { TerminalsPage } from './terminals-page.tsx';
