import { plain } from './terminal.js';
import { cutToColumns } from './text-columns.js';

/** How far long work is, on stderr; nothing is shown where that is no terminal. */
export interface Progress {
  /** Shows how much of `total` is done, and of what; shown at most ten times a second, but the end always. */
  update(done: number, total: number, note?: string): void;
  /** Takes the line away. */
  end(): void;
}

const barWidth = 24;
/** Milliseconds between two pictures. */
const pace = 100;

/**
 * A bar for work that takes a while. Drawn here, since the progress of @clack/prompts takes stdin over and ends the
 * program on Ctrl-C before what is under way can end in order.
 */
export function createProgress(title: string): Progress {
  const { stderr } = process;
  let shownAt = Number.NEGATIVE_INFINITY;
  const show = (line: string) => void stderr.write(`\r\u001b[K${line}`);
  return {
    update(done, total, note = '') {
      if (!stderr.isTTY) return;
      const now = performance.now();
      if (now - shownAt < pace && done < total) return;
      shownAt = now;
      const share = total > 0 ? Math.min(1, done / total) : 0;
      const filled = Math.round(share * barWidth);
      const bar = `${'█'.repeat(filled)}${'░'.repeat(barWidth - filled)}`;
      const count = `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`;
      const line = plain(`${title} ${bar} ${Math.floor(share * 100)} %  ${count}  ${note}`).replaceAll(/\s*\n\s*/g, ' ');
      // A line that wraps could not be taken away.
      show(cutToColumns(line, Math.max(20, stderr.columns - 1)));
    },
    end() {
      if (stderr.isTTY && shownAt !== Number.NEGATIVE_INFINITY) show('');
    },
  };
}
