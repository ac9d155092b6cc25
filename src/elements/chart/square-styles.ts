/** What a square chart's drawing looks like; a report that holds the drawing takes these along. */
import { css } from 'lit';

export const squareStyles = css`
  .plot .grid {
    stroke: var(--line);
  }

  .plot .band {
    fill: var(--accent);
    fill-opacity: 0.16;
  }

  .line {
    fill: none;
    stroke: var(--accent);
    stroke-width: 2.25;
    stroke-linejoin: round;
  }

  .line.second {
    stroke: var(--ink-quiet);
    stroke-width: 1.75;
    stroke-dasharray: 6 4;
  }

  .line.ideal {
    stroke: var(--line-strong);
    stroke-width: 1;
    stroke-dasharray: 2 4;
  }

  .plot .whisker {
    stroke: var(--accent);
    stroke-width: 1.5;
  }

  .plot .mark {
    fill: var(--panel);
    stroke: var(--accent-strong);
    stroke-width: 2;
  }

  .plot text {
    fill: var(--ink-quiet);
    font: 12px var(--font);
    font-variant-numeric: tabular-nums;
  }
`;
