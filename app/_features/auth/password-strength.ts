/** The shortest password that is taken. */
export const SHORTEST = 10;

/** What people try first, and so do others. */
const COMMON = /pass(word|wort)?|qwert[yz]|letmein|admin|welcome|123456|abcdef|berth|secret/i;

export interface Strength {
  /** 0 to 4: too short or guessed at once, weak, fair, good, strong. */
  level: 0 | 1 | 2 | 3 | 4;
  hint: string;
}

/**
 * A rough measure: length counts most, repetition and the well-known take away. It only advises; the server decides.
 */
export function measurePassword(password: string, username: string): Strength {
  if (password.length < SHORTEST) {
    const missing = SHORTEST - password.length;
    return { level: 0, hint: `at least ${SHORTEST} characters: ${missing} more` };
  }
  if (username.length > 2 && password.toLowerCase().includes(username.toLowerCase())) {
    return { level: 1, hint: 'contains the user name' };
  }
  const variety = new Set(password).size;
  if (variety < 6) return { level: 1, hint: 'few different characters' };
  if (COMMON.test(password) && password.length < 20)
    return { level: 1, hint: 'contains what is guessed first' };
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\da-zA-Z]/].filter((kind) => kind.test(password)).length;
  const score = password.length + 2 * kinds;
  if (score >= 26) return { level: 4, hint: 'strong' };
  if (score >= 20) return { level: 3, hint: 'good' };
  return { level: 2, hint: 'fair; a few more words make it strong' };
}
