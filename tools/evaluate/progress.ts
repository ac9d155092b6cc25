/** How far it is, on the standard error: one line that rewrites itself, or a few lines in a log. */

export interface Progress {
  at(done: number): void;
  end(): void;
}

export function showProgress(total: number, stream: NodeJS.WriteStream = process.stderr): Progress {
  const begun = performance.now();
  let told = 0;
  const line = (done: number): string => {
    const seconds = (performance.now() - begun) / 1000;
    const left = done > 0 ? Math.round((seconds / done) * (total - done)) : null;
    return `${done} of ${total} pictures${left === null ? '' : `, ${duration(left)} left`}`;
  };
  return {
    at(done) {
      if (stream.isTTY) {
        stream.write(`\r\u001b[K${line(done)}`);
      } else if (done === total || done - told >= total / 20) {
        told = done;
        stream.write(`${line(done)}\n`);
      }
    },
    end() {
      if (stream.isTTY) stream.write('\r\u001b[K');
    },
  };
}

function duration(seconds: number): string {
  if (seconds < 90) return `${seconds} s`;
  return `${Math.round(seconds / 60)} min`;
}
