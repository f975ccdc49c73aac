import type { AuditEntry } from './schema.ts';

/** Log audit (RFC 5424, 6.2.1, table 1). */
const FACILITY = 13;
/** Informational, warning, error (table 2). */
const SEVERITY = { done: 6, refused: 4, failed: 3 } as const satisfies Record<AuditEntry['outcome'], number>;

/** Printable ASCII of a header field, at most so long; a dash for nothing. */
function field(value: string, most: number): string {
  return value.replaceAll(/[^\x21-\x7e]/g, '?').slice(0, most) || '-';
}

/** JSON in ASCII alone: what a message says needs no byte order mark then (6.4). */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * An entry as RFC 5424 has it: its own time, its number as `sequenceId`, its action as MSGID, and all of it with its hashes as JSON, so that
 * what arrived can be verified. Pure.
 */
export function syslogMessage(entry: AuditEntry, host: string): string {
  const priority = FACILITY * 8 + SEVERITY[entry.outcome];
  const header = `<${priority}>1 ${entry.at} ${field(host, 255)} berth - ${field(entry.action, 32)}`;
  return `${header} [meta sequenceId="${entry.seq}"][origin software="berth"] ${asciiJson(entry)}`;
}
