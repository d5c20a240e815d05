// One graph over time, drawn by uPlot in the colours of the theme; the words beside it say the same to a screen reader.
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useDark } from '../../components/use-dark.ts';
import styles from './overview.module.css';

interface GraphProps {
  /** Seconds since the epoch. */
  at: readonly number[];
  series: readonly (readonly number[])[];
  atLeast: number;
  format: (value: number) => string;
}

export function Graph({ at, series, atLeast, format }: GraphProps) {
  const frame = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const dark = useDark();
  /** Read when the graph is made or fed: a new value must not make a new graph. */
  const top = scaleTop(series, atLeast);
  const latest = useRef({ at, series, top });
  latest.current = { at, series, top };
  const count = series.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the theme, so its change makes a new graph
  useEffect(() => {
    const element = frame.current;
    if (!element) return undefined;
    const made = new uPlot(optionsFor(element, count, latest), dataOf(latest.current), element);
    plot.current = made;
    const observer = new ResizeObserver(() =>
      made.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [count, dark]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `at` changes with every sample
  useEffect(() => {
    plot.current?.setData(dataOf(latest.current));
  }, [at]);

  return (
    <div className={styles.graphFrame} aria-hidden>
      <span className={styles.scale}>{format(top)}</span>
      <div ref={frame} className={styles.graph} />
    </div>
  );
}

interface Drawn {
  at: readonly number[];
  series: readonly (readonly number[])[];
  top: number;
}
type Latest = { current: Drawn };

function scaleTop(series: readonly (readonly number[])[], atLeast: number): number {
  return Math.max(atLeast, ...series.flat().map((value) => Math.ceil(value * 1.1)));
}

function dataOf({ at, series }: Drawn): uPlot.AlignedData {
  return [[...at], ...series.map((values) => [...values])];
}

function optionsFor(element: HTMLElement, count: number, latest: Latest): uPlot.Options {
  return {
    width: element.clientWidth,
    height: element.clientHeight,
    padding: [14, 0, 0, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: () => [0, latest.current.top] } },
    axes: [{ show: false }, { show: false }],
    series: [
      {},
      ...Array.from({ length: count }, (_, index) => {
        const stroke = colourOf(element, index === 0 ? styles.series0 : styles.series1);
        return { stroke, width: 1.5, fill: faint(stroke), points: { show: false } };
      }),
    ],
  };
}

/** A canvas needs the colour itself: what a class comes to in the theme of the moment. */
function colourOf(parent: HTMLElement, className: string | undefined): string {
  const probe = document.createElement('span');
  if (className) probe.className = className;
  parent.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function faint(colour: string): string {
  return colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.14)');
}
