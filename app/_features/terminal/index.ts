export { ConsolePage } from './console-page.tsx';
export { DeskPage } from './desk-page.tsx';
export { EndShellDialog } from './end-shell-dialog.tsx';
export { OperationOutput } from './operation-output.tsx';
export { RenameShellDialog } from './rename-shell-dialog.tsx';
export { splitWords } from './shell-request.ts';
export { TerminalPage } from './terminal-page.tsx';
