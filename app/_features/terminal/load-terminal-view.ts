/** The terminal of the page, loaded when there is one to show: it needs a browser. */
export const loadTerminalView = () => import('./terminal-view.ts');
