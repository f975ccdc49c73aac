/**
 * Whether the processor is emulated, as in the machine of `berth test v2`, which says so itself: 20 to 40 times slower. What
 * depends on the machine alone (how much a link carries, how long 10,000 rounds take) is judged by that.
 */
export const EMULATED = process.env.BERTH_EMULATED === '1';
