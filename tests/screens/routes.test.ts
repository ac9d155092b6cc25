import { describe, expect, it } from 'vitest';
import { niceTicks } from '../../src/elements/chart-scale.ts';
import { parseRoute, routeHash } from '../../src/state/routes.ts';

describe('addresses behind the hash', () => {
  it('go there and back', () => {
    expect(parseRoute(routeHash('status'))).toEqual({ screen: 'status', caseId: null });
    expect(parseRoute(routeHash('read', 'case-12'))).toEqual({ screen: 'read', caseId: 'case-12' });
  });

  it('fall back to reading for anything else', () => {
    for (const hash of ['', '#', '#/', '#/nonsense', '#/read/../status', '#/read/<b>']) {
      expect(parseRoute(hash)).toEqual({ screen: 'read', caseId: null });
    }
  });
});

describe('round numbers on an axis', () => {
  it('cover the range in even steps', () => {
    expect(niceTicks(0.61, 0.97, 4)).toEqual([0.6, 0.7, 0.8, 0.9, 1]);
    expect(niceTicks(0, 40, 6)).toEqual([0, 10, 20, 30, 40]);
  });

  it('live with a flat line and with nothing', () => {
    const flat = niceTicks(0.5, 0.5, 4);
    expect(flat[0]).toBeLessThanOrEqual(0.5);
    expect(flat.at(-1)).toBeGreaterThanOrEqual(0.5);
    expect(flat.length).toBeGreaterThan(1);
    expect(niceTicks(Number.POSITIVE_INFINITY, 1, 4)).toEqual([0, 1]);
  });
});
