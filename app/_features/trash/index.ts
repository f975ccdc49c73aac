export { TrashPage } from './trash-page.tsx';
export { useUndoTrash } from './use-undo-trash.ts';
