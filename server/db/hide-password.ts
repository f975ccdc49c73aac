/** An address of a database as it may be shown: without its password. */
export function hidePassword(url: string): string {
  const parsed = new URL(url);
  if (parsed.password !== '') parsed.password = '***';
  return parsed.href;
}
