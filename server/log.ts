import type { Log } from './platform.ts';

function plain(value: unknown): unknown {
  if (value instanceof Error) {
    const { name, message, stack, cause } = value;
    const detail = 'detail' in value ? value.detail : undefined;
    return { name, message, stack, detail, cause: cause === undefined ? undefined : plain(cause) };
  }
  return typeof value === 'bigint' ? value.toString() : value;
}

/** One line: time, level, message, then the fields as JSON where there are any. */
function lineOf(level: string, message: string, fields: Record<string, unknown> | undefined): string {
  const rest =
    fields === undefined || Object.keys(fields).length === 0
      ? ''
      : ` ${JSON.stringify(fields, (_key, value) => plain(value))}`;
  return `${new Date().toISOString()} ${level} ${message.replaceAll('\n', '\\n')}${rest}\n`;
}

/** A log that writes lines; errors among the fields are written whole (stack, detail, causes). */
export function createLog(write: (line: string) => void = (line) => process.stderr.write(line)): Log {
  return {
    info: (message, fields) => write(lineOf('info', message, fields)),
    warn: (message, fields) => write(lineOf('warn', message, fields)),
    error: (message, fields) => write(lineOf('error', message, fields)),
  };
}
