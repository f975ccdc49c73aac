/**
 * Whether `data` is an answer that the terminal itself gives (device attributes, cursor position, mode, colour or
 * setting reports), not a key. Of several windows on one terminal only one may answer: a shell would take the others' for
 * typing.
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

/**
 * Whether what the terminal wants to send may go to the guest: keys, mouse and focus, and of the answers that a guest can ask for
 * only those of the list, which hold nothing of the guest's but numbers. No release of xterm.js adds another by itself: a title or a
 * text that comes back would be typed into the guest's shell, or into the one that it is cat'ed in.
 */
export function mayBeSent(data: string): boolean {
  return !ANSWER.test(data) || ALLOWED.test(data);
}

// Strings (DCS, OSC, APC, PM, SOS), and CSI with a private mark or an ending that no key has. Alt with P or ] is no string.
const ANSWER = new RegExp(
  [
    String.raw`\x1b(?:[P\]_^X][\s\S]|\[(?:[?>=]|[\d;]*\$?[cntxy]))`,
    String.raw`|[\x90\x98\x9b\x9d-\x9f]`,
  ].join(''),
);

// Device attributes, status, cursor position, modes (CSI); settings (DECRQSS); colours of the palette, text, back and cursor.
const ALLOWED = new RegExp(
  [
    '^(?:',
    String.raw`\x1b\[[?>][\d;]*c`,
    String.raw`|\x1b\[\??[\d;]*[nR]`,
    String.raw`|\x1b\[\??\d+;\d\$y`,
    String.raw`|\x1bP[01]\$r[\d;]*[" ]?[a-z]?\x1b\\`,
    String.raw`|\x1b\](?:4;\d{1,3}|1[0-2]);rgb:[\da-f/]+(?:\x1b\\|\x07)`,
    ')+$',
  ].join(''),
);
