// Firefox and WebKitGTK, where Debian's packages put them.
import { existsSync, readdirSync } from 'node:fs';

/** @returns {string | null} */
export function findFirefox() {
  const places = [process.env.FIELDRAY_FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'];
  return places.find((place) => place && existsSync(place)) ?? null;
}

/**
 * The driver, the little browser it drives, and what gives them a screen.
 * @returns {{ driver: string, browser: string, xvfb: string, dbus: string } | null}
 */
export function findWebKit() {
  const driver = '/usr/bin/WebKitWebDriver';
  const xvfb = '/usr/bin/xvfb-run';
  const dbus = '/usr/bin/dbus-run-session';
  if (![driver, xvfb, dbus].every((file) => existsSync(file))) return null;
  for (const machine of existsSync('/usr/lib') ? readdirSync('/usr/lib') : []) {
    for (const version of ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0']) {
      const browser = `/usr/lib/${machine}/${version}/MiniBrowser`;
      if (existsSync(browser)) return { driver, browser, xvfb, dbus };
    }
  }
  return null;
}
