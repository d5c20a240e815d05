// Work under way: what, how far, how long still, and Cancel.
import { useEffect, useState } from 'react';
import type { Job } from '../../src-main/contract/job.ts';
import { cancelJob, useJobs } from '../stores/jobs.ts';
import { Button } from './button.tsx';
import styles from './job-strip.module.css';
import { jobNote } from './job-words.ts';
import { Progress } from './progress.tsx';

/** What is over sooner than this is not worth a word. */
const worthAWordMs = 400;

/** `vm`: null for machines that are being made. */
export function JobStrips({ vm, narrow = false }: { vm: string | null; narrow?: boolean }) {
  const jobs = useJobs(vm);
  return jobs.map((job) => <JobStrip key={job.id} job={job} narrow={narrow} />);
}

function JobStrip({ job, narrow }: { job: Job; narrow: boolean }) {
  const [worthAWord, setWorthAWord] = useState(false);
  const [cancelling, setCancelling] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setWorthAWord(true), worthAWordMs);
    return () => clearTimeout(timer);
  }, []);
  if (!worthAWord) return null;
  const cancel = () => {
    setCancelling(true);
    void cancelJob(job.id).finally(() => setCancelling(false));
  };
  return (
    <section className={styles.strip} aria-label={job.title} data-job={job.kind} data-narrow={narrow}>
      <div className={styles.progress}>
        <Progress
          label={job.title}
          part={job.percent === null ? undefined : job.percent / 100}
          note={jobNote(job)}
        />
      </div>
      {job.cancellable || cancelling ? (
        <Button size="s" busy={cancelling} onPress={cancel}>
          Cancel
        </Button>
      ) : null}
    </section>
  );
}
