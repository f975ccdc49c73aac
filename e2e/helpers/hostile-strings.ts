import { ALARM } from './page-alarms.ts';

/** Leaves every kind of attribute and element, and runs by each way that markup has. */
export const MARKUP = [
  `"'\`></title></textarea></style></script>`,
  `<script>${ALARM}('script')</script>`,
  `<img src=x onerror=${ALARM}('img')>`,
  `<svg onload=${ALARM}('svg')>`,
  `<iframe srcdoc="<script>parent.${ALARM}('frame')</script>">`,
  `<a href=javascript:${ALARM}('link')>`,
  `{{constructor.constructor("${ALARM}('braces')")()}}\${${ALARM}('dollar')}`,
].join('');

/** The same without a slash, as the name of a file can be. */
export const MARKUP_NAME = `"'><img src=x onerror=${ALARM}('file')><svg onload=${ALARM}('name')>`;

/** Short enough for a name or an id. */
export const SHORT = `<img src=x onerror=${ALARM}('id')>`;

/** What steers a terminal, hides how a text reads, or ends a line. */
export const STEERING =
  '\u001b]0;owned\u0007\u001b]52;c;b3duZWQ=\u0007\u001b[31m\u009b8m\u202eowned\u2066\u200b\r\n';
