import walls from '../../native/protocol/walls.json' with { type: 'json' };

/** The devices that every guest of a kind may use, as `c 1:3 rwm`. Pure. */
export function kindDevices(kind: 'system' | 'application'): readonly string[] {
  return walls[kind].devices;
}
