/** Where to go after the sign-in: a path of our own, whatever the address said (`//host` and `/\host` are other hosts). */
export function safeNext(next: string | null): string {
  if (!next?.startsWith('/') || /^\/[/\\]/.test(next)) return '/guests';
  try {
    const url = new URL(next, 'https://berth.invalid');
    return url.origin === 'https://berth.invalid' ? url.pathname + url.search + url.hash : '/guests';
  } catch {
    return '/guests';
  }
}
