/**
 * Whether `data` is an answer that the terminal itself gives (device attributes, cursor position, mode, colour or
 * setting reports), not a key. While old output is replayed such answers must not be sent: whoever asked is long gone,
 * and a shell would take them for typing.
 */
export function isReport(data: string): boolean {
  return REPORT.test(data);
}

// xterm's control sequences: CSI … R|c|n|t, CSI ? … $ y, DCS … ST, OSC … ST|BEL.
const REPORT = new RegExp(
  [
    '^(?:',
    String.raw`\x1b\[[?>=]?[\d;]*(?:\$y|[Rcnt])`,
    String.raw`|\x1b[P\]][^\x07\x1b]*(?:\x1b\\|\x07)`,
    ')+$',
  ].join(''),
);
