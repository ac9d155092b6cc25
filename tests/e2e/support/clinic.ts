/** What nearly every test needs: the built app on a server, one tablet, and pictures to open. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { Tablet, type TabletOptions } from './chromium.ts';
import { makePictures, type Pictures } from './pictures.ts';
import { Site } from './site.ts';

export interface Clinic {
  readonly site: Site;
  readonly tablet: Tablet;
  readonly pictures: Pictures;
}

export interface ClinicWishes {
  readonly site?: Parameters<typeof Site.start>[0];
  readonly tablet?: TabletOptions;
  /** Everything new for every test; otherwise once for the file. */
  readonly forEach?: boolean;
}

/** Call it beside the tests; its parts are there once they run, and gone after them. */
export function useClinic(wishes: ClinicWishes = {}): Clinic {
  let clinic: Clinic | null = null;
  const open = async (): Promise<void> => {
    const [site, tablet, pictures] = await Promise.all([
      Site.start(wishes.site),
      Tablet.unpack(wishes.tablet),
      makePictures(),
    ]);
    clinic = { site, tablet, pictures };
  };
  const close = async (): Promise<void> => {
    await clinic?.tablet.throwAway();
    await clinic?.site.remove();
    await clinic?.pictures.remove();
    clinic = null;
  };
  if (wishes.forEach) {
    beforeEach(open);
    afterEach(close);
  } else {
    beforeAll(open);
    afterAll(close);
  }
  const opened = (): Clinic => {
    if (!clinic) throw new Error('The clinic opens with the first test.');
    return clinic;
  };
  return {
    get site() {
      return opened().site;
    },
    get tablet() {
      return opened().tablet;
    },
    get pictures() {
      return opened().pictures;
    },
  };
}
