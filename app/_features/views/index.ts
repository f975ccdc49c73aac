export { useOpeningView } from './opening-view.ts';
export { PinnedViews, usePinnedViews } from './pinned-views.tsx';
export { ViewActions } from './view-actions.tsx';
export { viewHref } from './view-href.ts';
