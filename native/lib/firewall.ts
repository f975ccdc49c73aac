import { native } from './addon.ts';

/** Run an nftables script (nft(8)) as one transaction. Throws NativeError with nft's own words as its action. */
export async function applyFirewall(script: string): Promise<void> {
  await native((addon) => addon.nft(script));
}
