import { Tabs } from '../../_ui/index.ts';

const VIEWS = [
  { href: '/terminals', label: 'List' },
  { href: '/terminals/desk', label: 'Desk' },
] as const;

/** The two ways to see the terminals of all guests. */
export function TerminalViews() {
  return <Tabs label="views of the terminals" items={VIEWS} />;
}
