export { ActivityPage } from './activity-page.tsx';
export { ConfigurationPage } from './configuration-page.tsx';
export { ConfigureCommands } from './configure-commands.tsx';
export { GuestLayout } from './guest-layout.tsx';
export { OverviewPage } from './overview-page.tsx';
export { GuestConsolePage, GuestTerminalPage } from './shell-pages.tsx';
export { type ChartSeries, UsageChart } from './usage-chart.tsx';
export { useGuest } from './use-guest.ts';
export { useUsageHistory } from './use-usage-history.ts';
