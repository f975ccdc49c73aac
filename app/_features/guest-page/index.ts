export { ActivityPage } from './activity-page.tsx';
export { ConfigurationPage } from './configuration-page.tsx';
export { GuestLayout } from './guest-layout.tsx';
export { OverviewPage } from './overview-page.tsx';
export { GuestConsolePage, GuestTerminalPage } from './shell-pages.tsx';
