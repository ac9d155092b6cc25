import { describe, expect, it } from 'vitest';
import { defaultModelBase } from '../../src/model/index.ts';

describe('the address models are served from', () => {
  it('is the folder models/ beside the page, and always a folder', () => {
    expect(defaultModelBase().href).toBe(new URL('models/', location.href).href);
  });
});
