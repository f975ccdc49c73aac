import { execFileSync } from 'node:child_process';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';
import { AppError } from '../errors/app-error.ts';

const DAY_MS = 86_400_000;

/**
 * Put certificate and key where only the web process's user reads them: the person's own, or one made by openssl for
 * this host's name and addresses (renewed 30 days before its end). Returns the folder.
 * Throws bad_input when the person's files cannot be read or do not belong together.
 */
export function ensureCertificate(
  webDir: string,
  own: { certificate: string; key: string } | null,
  gid: number,
): string {
  const dir = path.join(webDir, 'tls');
  const [certificate, key] = [path.join(dir, 'certificate.pem'), path.join(dir, 'key.pem')];
  mkdirSync(dir, { recursive: true, mode: 0o750 });
  if (own) {
    checkPair(own.certificate, own.key);
    copyFileSync(own.certificate, certificate);
    copyFileSync(own.key, key);
  } else if (!stillGood(certificate, key)) {
    make(certificate, key);
  }
  for (const file of [dir, certificate, key]) {
    chownSync(file, 0, gid);
    chmodSync(file, file === dir ? 0o750 : 0o640);
  }
  return dir;
}

function checkPair(certificate: string, key: string): void {
  const read = (file: string, what: string) => {
    try {
      return readFileSync(file);
    } catch (cause) {
      throw new AppError('bad_input', `${what} ${file} cannot be read: ${(cause as Error).message}`, {
        cause,
      });
    }
  };
  const certificateText = read(certificate, '--certificate');
  const keyText = read(key, '--key');
  let belongs: boolean;
  try {
    belongs = new X509Certificate(certificateText).checkPrivateKey(createPrivateKey(keyText));
  } catch (cause) {
    throw new AppError(
      'bad_input',
      `${certificate} and ${key} must be PEM files: ${(cause as Error).message}`,
      { cause },
    );
  }
  if (!belongs)
    throw new AppError('bad_input', `the key ${key} does not belong to the certificate ${certificate}`);
}

function stillGood(certificate: string, key: string): boolean {
  if (!existsSync(certificate) || !existsSync(key)) return false;
  try {
    const made = new X509Certificate(readFileSync(certificate));
    const [begins, ends] = [made.validFromDate.getTime(), made.validToDate.getTime()];
    // One of the future was made before the clock was set back: no browser would take it for that long.
    return (
      begins <= Date.now() &&
      ends - Date.now() > 30 * DAY_MS &&
      made.checkPrivateKey(createPrivateKey(readFileSync(key)))
    );
  } catch {
    return false;
  }
}

function make(certificate: string, key: string): void {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map((entry) => entry.address),
  );
  // link-local addresses carry a zone that a certificate cannot name
  const names = [
    'DNS:localhost',
    `DNS:${hostname()}`,
    ...addresses.filter((a) => !a.startsWith('fe80')).map((a) => `IP:${a}`),
  ];
  // prettier to read in a browser's warning than a bare CN=localhost
  const subject = `/O=Berth/CN=${hostname().slice(0, 60)}`;
  signOwn({ certificate: `${certificate}.new`, key: `${key}.new` }, subject, names);
  renameSync(`${key}.new`, key);
  renameSync(`${certificate}.new`, certificate);
}

/** A certificate of a new key, signed by itself, for these names (`DNS:…`, `IP:…`), for 397 days; both as PEM files. */
export function signOwn(
  files: { certificate: string; key: string },
  subject: string,
  names: readonly string[],
): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const what = ['-subj', subject, '-addext', `subjectAltName=${[...new Set(names)].join(',')}`];
  const use = ['-sha256', '-days', '397', '-addext', 'extendedKeyUsage=serverAuth'];
  const where = ['-keyout', files.key, '-out', files.certificate];
  execFileSync('openssl', ['req', '-x509', ...key, ...what, ...use, ...where], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
