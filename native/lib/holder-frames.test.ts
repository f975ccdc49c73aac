import { describe, expect, it } from 'vitest';
import { encodeFrame, FrameReader } from './holder-frames.ts';

describe('holder frames', () => {
  it('come out as they went in, however the stream is cut', () => {
    const stream = Buffer.concat([
      encodeFrame(1, Buffer.from('one')),
      encodeFrame(2),
      encodeFrame(3, Buffer.alloc(70_000, 7)),
    ]);
    for (const size of [1, 4, 5, 6, 1000, stream.length]) {
      const reader = new FrameReader();
      const frames = [];
      for (let at = 0; at < stream.length; at += size)
        frames.push(...reader.push(stream.subarray(at, at + size)));
      expect(frames.map(({ tag, payload }) => [tag, payload.length])).toEqual([
        [1, 3],
        [2, 0],
        [3, 70_000],
      ]);
      expect(frames[0]?.payload.toString()).toBe('one');
    }
  });

  it('are read from a buffer that is used again', () => {
    const stream = Buffer.concat([
      encodeFrame(1, Buffer.alloc(300, 1)),
      encodeFrame(2, Buffer.alloc(300, 2)),
    ]);
    const [reader, read, told] = [new FrameReader(), Buffer.alloc(250), [] as string[]];
    for (let at = 0; at < stream.length; at += read.length) {
      const length = stream.copy(read, 0, at);
      for (const { payload } of reader.push(read.subarray(0, length))) told.push(payload.toString('latin1'));
      read.fill(9);
    }
    expect(told).toEqual(['\x01'.repeat(300), '\x02'.repeat(300)]);
  });

  it('refuse a length that no holder sends', () => {
    const wrong = Buffer.from([1, 0xff, 0xff, 0xff, 0x7f]);
    expect(() => new FrameReader().push(wrong)).toThrow(/EPROTO/);
  });
});
