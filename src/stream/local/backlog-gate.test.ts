import { describe, expect, it } from 'vitest';
import { BacklogGate } from './backlog-gate.ts';

const gateAt = (bytesMax: number): { gate: BacklogGate; pass: (ms: number) => void } => {
  let now = 0;
  const gate = new BacklogGate({ bytesMax, now: () => now });
  const pass = (ms: number): void => {
    now += ms;
  };
  return { gate, pass };
};

describe('the limit of the backlog', () => {
  it('refuses above it, and until a quarter of it is free again', () => {
    const { gate } = gateAt(1_000);
    gate.sealed(1_000);
    expect(gate.refusal()).toBeUndefined();
    gate.sealed(1);
    expect(gate.refusal()).toMatchObject({ code: 'overloaded' });
    gate.loaded(250);
    expect(gate.refusal()).toMatchObject({ code: 'overloaded' });
    gate.loaded(1);
    expect(gate.refusal()).toBeUndefined();
    gate.sealed(249);
    expect(gate.refusal()).toBeUndefined();
  });

  it('says how long it takes at the pace of the loads', () => {
    const { gate, pass } = gateAt(10_000);
    gate.sealed(20_000);
    pass(1_000);
    gate.loaded(500);
    // 12,000 above the mark at 500 a second.
    expect(gate.refusal()?.retryAfterSeconds).toBe(24);
  });

  it('says longer the longer a load takes, a minute at the most, and a second at the least', () => {
    const { gate, pass } = gateAt(10_000);
    gate.sealed(12_000);
    expect(gate.refusal()?.retryAfterSeconds).toBe(60);
    pass(10);
    gate.loaded(1_000);
    expect(gate.refusal()?.retryAfterSeconds).toBe(1);
    pass(10_000);
    expect(gate.refusal()?.retryAfterSeconds).toBe(36);
    pass(1_000_000);
    expect(gate.refusal()?.retryAfterSeconds).toBe(60);
  });

  it('does not count the time in which nothing waited', () => {
    const { gate, pass } = gateAt(10_000);
    gate.sealed(100);
    pass(1_000);
    gate.loaded(100);
    pass(3_600_000);
    gate.sealed(10_001);
    expect(gate.refusal()?.retryAfterSeconds).toBe(26);
  });

  it('knows the size of a file that was mended', () => {
    const { gate } = gateAt(1_000);
    gate.sealed(900);
    gate.resized(900, 950);
    gate.loaded(950);
    expect(gate.bytes).toBe(0);
  });
});
