import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Plugin } from 'vite';
import { FaultServer } from './fault-server.ts';

/** The page another tab stands for: tests load it in a frame of the same origin. */
const TAB = `<!doctype html><meta charset="utf-8"><title>tab</title>
<script type="module" src="/tests/model/support/tab-page.ts"></script>`;

/**
 * Puts the fault server beside the tests: at /__faults on their own origin, and on another origin
 * that allows requests from everywhere but shows none of its headers (its address: /__faults-other).
 */
export function faultServerPlugin(): Plugin {
  return {
    name: 'fieldray-fault-server',
    configureServer(vite) {
      const own = new FaultServer();
      vite.middlewares.use('/__faults', (request, response) => void own.handle(request, response));
      vite.middlewares.use('/__tab.html', (_request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end(TAB);
      });

      const foreign = new FaultServer();
      const server = createServer((request, response) => {
        response.setHeader('Access-Control-Allow-Origin', '*');
        // Setting up a test needs PUT; file requests must do without a preflight's permission.
        if (
          request.method === 'OPTIONS' &&
          request.headers['access-control-request-method'] === 'PUT'
        ) {
          response.setHeader('Access-Control-Allow-Methods', 'PUT');
          response.end();
          return;
        }
        if (request.method === 'OPTIONS') {
          response.statusCode = 403;
          response.end();
          return;
        }
        void foreign.handle(request, response);
      });
      // Nobody waits for it: the test process ends when vitest does.
      server.unref();
      const listening = new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      vite.httpServer?.once('close', () => server.close());
      vite.middlewares.use('/__faults-other', (_request, response) => {
        void listening.then(() => {
          response.end(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        });
      });
    },
  };
}
