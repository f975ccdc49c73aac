/** Numbers as wide as they get, so that texts sort as people count. Pure. */
export const inOrder = (text: string) => text.replace(/\d+/g, (digits) => digits.padStart(12, '0'));
