export { ConsolePage } from './console-page.tsx';
export { OperationOutput } from './operation-output.tsx';
export { StartGuest } from './start-guest.tsx';
export { TerminalPage } from './terminal-page.tsx';
