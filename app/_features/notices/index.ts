export { NoticesPage } from './notices-page.tsx';
export { UnreadNotices } from './unread-notices.tsx';
