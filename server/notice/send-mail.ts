import { createTransport } from 'nodemailer';
import type { StoredNotice } from './services.ts';

const PATIENCE_MS = 20_000;
/** ms for all of it: a server that says a letter now and then is no server. */
const WHOLE_MS = 60_000;
const LONGEST_SUBJECT = 120;

export interface MailChannel {
  name: string;
  /** smtp://HOST:PORT, which goes on in TLS where the server offers it, or smtps://. */
  url: string;
  username: string | null;
  secret: string | null;
  sender: string | null;
  receivers: readonly string[];
}

/**
 * One mail with all of them, as plain text. A password goes over TLS only: where a server offers none, nothing is sent. Throws with why
 * it was not taken.
 */
export async function sendMail(channel: MailChannel, notices: readonly StoredNotice[]): Promise<void> {
  const { username, secret, sender, receivers } = channel;
  const url = new URL(channel.url);
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    ...(username !== null && { auth: { user: username, pass: secret ?? '' }, requireTLS: !secure }),
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    // What a notice says is text, never a file or an address to fetch.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const { promise: tooLate, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => reject(new Error(`it has not taken it within ${WHOLE_MS / 1000} s`)),
    WHOLE_MS,
  ).unref();
  try {
    const sent = transport.sendMail({
      from: sender ?? '',
      to: [...receivers],
      subject: subjectOf(notices),
      text: `${notices.map(({ at, text }) => `${at.toISOString()}  ${text}`).join('\n')}\n`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
    await Promise.race([sent, tooLate]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${url.host} takes no mail: ${reason.slice(0, 300)}`, { cause: error });
  } finally {
    clearTimeout(timer);
    transport.close();
  }
}

/** One line, whatever a guest has put into it. Pure. */
function subjectOf(notices: readonly StoredNotice[]): string {
  const [first] = notices;
  const text = notices.length === 1 && first ? first.text : `${notices.length} notices`;
  const line = text.replace(/\p{Cc}+/gu, ' ');
  return `Berth: ${line.length > LONGEST_SUBJECT ? `${line.slice(0, LONGEST_SUBJECT)}…` : line}`;
}
