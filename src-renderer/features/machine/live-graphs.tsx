// Live graphs of a running machine: CPU, memory, disk.
import { useEffect, useState } from 'react';
import type { VmDefinition } from '../../../src-main/contract/definition.ts';
import { client } from '../../client/client.ts';
import { subscribe } from '../../client/subscribe.ts';
import { Card } from '../../components/card.tsx';
import { formatBytes, formatMiB } from '../../components/format.ts';
import { Graph } from './graph.tsx';
import styles from './overview.module.css';
import { noSamples, type Samples, withSample } from './samples.ts';

const kept = 120;

interface LiveGraphsProps {
  id: string;
  definition: VmDefinition;
}

export function LiveGraphs({ id, definition }: LiveGraphsProps) {
  const samples = useSamples(id);
  const cpu = samples.cpuPercent.at(-1);
  const memory = samples.residentMiB.at(-1);
  const read = samples.readBytes.at(-1);
  const written = samples.writtenBytes.at(-1);
  return (
    <Card title="Load">
      <div className={styles.graphs}>
        <LoadGraph
          title="CPU"
          value={cpu === undefined ? '–' : `${Math.round(cpu)} %`}
          part={`of one core, ${definition.vcpus} vCPU`}
          samples={samples}
          series={[samples.cpuPercent]}
          atLeast={100}
          format={(percent) => `${Math.round(percent)} %`}
        />
        <LoadGraph
          title="Memory"
          value={memory === undefined ? '–' : formatMiB(Math.round(memory))}
          part={`of ${formatMiB(definition.memoryMiB)} and QEMU’s own`}
          samples={samples}
          series={[samples.residentMiB]}
          atLeast={64}
          format={formatMiB}
        />
        <LoadGraph
          title="Disk"
          value={
            read === undefined || written === undefined ? '–' : `${formatBytes(Math.round(read + written))}/s`
          }
          part={`${formatBytes(Math.round(read ?? 0))} read, ${formatBytes(Math.round(written ?? 0))} written`}
          samples={samples}
          series={[samples.readBytes, samples.writtenBytes]}
          atLeast={1024}
          format={(bytes) => `${formatBytes(bytes)}/s`}
        />
      </div>
    </Card>
  );
}

function useSamples(id: string): Samples {
  const [samples, setSamples] = useState(noSamples);
  useEffect(() => {
    setSamples(noSamples);
    return subscribe(
      (signal) => client.vms.metrics({ id }, { signal }),
      (metrics) => setSamples((so) => withSample(so, metrics, kept)),
    );
  }, [id]);
  return samples;
}

interface LoadGraphProps {
  title: string;
  value: string;
  /** What the value is of. */
  part: string;
  samples: Samples;
  series: readonly (readonly number[])[];
  /** The scale reaches at least so far: a resting guest shows a flat line, not noise blown up. */
  atLeast: number;
  format: (value: number) => string;
}

function LoadGraph({ title, value, part, samples, ...graph }: LoadGraphProps) {
  return (
    <section aria-label={title}>
      <h3 className={styles.graphTitle}>{title}</h3>
      <p>
        <span className={styles.graphValue}>{value}</span>
        <span className={styles.graphPart}>{part}</span>
      </p>
      <Graph {...graph} at={samples.at} />
    </section>
  );
}
