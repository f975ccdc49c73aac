export { ConsolePage } from './console-page.tsx';
export { OperationOutput } from './operation-output.tsx';
export { splitWords } from './shell-request.ts';
export { TerminalPage } from './terminal-page.tsx';
