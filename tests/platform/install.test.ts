import { describe, expect, it } from 'vitest';
import { InstallController, type InstallWay } from '../../src/platform/install.ts';

const AGENTS = {
  iphone:
    'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1',
  mac: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
  macChrome:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  android:
    'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36',
  firefox: 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

function controller(userAgent: string, maxTouchPoints = 0, standalone = false) {
  const events = new EventTarget();
  return {
    events,
    install: new InstallController({ userAgent, maxTouchPoints, standalone, events }),
  };
}

function offer(outcome: 'accepted' | 'dismissed') {
  let prompts = 0;
  const event = new Event('beforeinstallprompt', { cancelable: true });
  Object.assign(event, {
    prompt: async () => {
      prompts += 1;
      return { outcome };
    },
  });
  return { event, prompts: () => prompts };
}

describe('InstallController', () => {
  it.each<[string, string, number, boolean, InstallWay]>([
    ['an iPhone', AGENTS.iphone, 5, false, 'share-menu'],
    ['an iPad, which calls itself a Mac', AGENTS.mac, 5, false, 'share-menu'],
    ['Safari on a Mac', AGENTS.mac, 0, false, 'dock-menu'],
    ['Chrome on a Mac before its offer', AGENTS.macChrome, 0, false, 'browser-menu'],
    ['Firefox', AGENTS.firefox, 0, false, 'browser-menu'],
    ['its own window', AGENTS.android, 5, true, 'installed'],
  ])('tells the way on %s', (_name, agent, touch, standalone, way) => {
    expect(controller(agent, touch, standalone).install.way).toBe(way);
  });

  it("holds the browser's offer back and shows it once, when asked", async () => {
    const { events, install } = controller(AGENTS.android, 5);
    const ways: InstallWay[] = [];
    install.onWay((way) => ways.push(way));
    expect(await install.prompt()).toBe('unavailable');
    const { event, prompts } = offer('dismissed');
    events.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    expect(prompts()).toBe(0);
    expect(await install.prompt()).toBe('dismissed');
    expect(await install.prompt()).toBe('unavailable');
    expect(prompts()).toBe(1);
    expect(ways).toEqual(['prompt', 'browser-menu']);
  });

  it('is installed when accepted, and when installed by the menu', async () => {
    const accepted = controller(AGENTS.android);
    accepted.events.dispatchEvent(offer('accepted').event);
    expect(await accepted.install.prompt()).toBe('accepted');
    expect(accepted.install.way).toBe('installed');
    const byMenu = controller(AGENTS.android);
    byMenu.events.dispatchEvent(new Event('appinstalled'));
    expect(byMenu.install.way).toBe('installed');
  });
});
