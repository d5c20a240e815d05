// The wizard: four pages at most, from what to run to a machine that does.
import { X } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../../components/button.tsx';
import { JobStrips } from '../../components/job-strip.tsx';
import { FaultNotice } from '../../components/notice.tsx';
import { navigate } from '../../routes.ts';
import { DiscardDialog } from './discard-dialog.tsx';
import { HardwarePage } from './hardware-page.tsx';
import { ReviewPage } from './review-page.tsx';
import type { SourceKind } from './source.ts';
import { neighbour, type Page } from './state.ts';
import { Steps } from './steps.tsx';
import { StoragePage } from './storage-page.tsx';
import { useWizard, type WizardModel } from './use-wizard.ts';
import { WhatPage } from './what-page.tsx';
import styles from './wizard.module.css';
import { WizardFooter } from './wizard-footer.tsx';

const titles: Record<Page, string> = {
  what: 'What do you want to run?',
  hardware: 'Hardware',
  storage: 'Storage and network',
  review: 'Review',
};

interface WizardProps {
  /** Chosen already; left out: the first page asks. */
  source?: SourceKind | undefined;
}

export function Wizard({ source }: WizardProps) {
  const model = useWizard(source);
  const { page, kind } = model.state;
  const [discarding, setDiscarding] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useFocusOnChange(page, heading);

  const leave = () => {
    if (kind === null) navigate({ page: 'library' });
    else setDiscarding(true);
  };
  useEscape(leave);

  return (
    <form
      className={styles.wizard}
      aria-label="New machine"
      data-wizard-page={page}
      // Problems are shown beside their fields, and going on to another page is allowed with them.
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const next = neighbour(page, 1);
        if (next !== undefined && canLeave(model)) model.dispatch({ type: 'go', page: next });
      }}
    >
      <header className={styles.header}>
        <p className={styles.kicker}>New machine</p>
        <Steps
          page={page}
          reachable={canLeave(model)}
          onGo={(to) => model.dispatch({ type: 'go', page: to })}
        />
        <IconButton icon={X} label="Close" shortcut="Esc" onPress={leave} />
      </header>
      <div className={styles.scroll}>
        <div className={styles.page}>
          <h1 ref={heading} tabIndex={-1} className={styles.title}>
            {titles[page]}
          </h1>
          {model.fault ? (
            <FaultNotice fault={model.fault} onFix={model.form?.fix} onDismiss={model.dismissFault} />
          ) : null}
          <CurrentPage model={model} />
        </div>
      </div>
      {model.creating === null ? null : (
        <div className={styles.jobs}>
          <JobStrips vm={null} />
        </div>
      )}
      <WizardFooter model={model} />
      {discarding ? (
        <DiscardDialog onDiscard={() => navigate({ page: 'library' })} onClose={() => setDiscarding(false)} />
      ) : null}
    </form>
  );
}

function CurrentPage({ model }: { model: WizardModel }) {
  switch (model.state.page) {
    case 'what':
      return <WhatPage model={model} />;
    case 'hardware':
      return <HardwarePage model={model} />;
    case 'storage':
      return <StoragePage model={model} />;
    case 'review':
      return <ReviewPage model={model} />;
  }
}

/** Other pages are about a machine: there must be one. A newer suggestion finds it there too. */
function canLeave({ state, suggestion, source }: WizardModel): boolean {
  return state.request !== null && source !== null && suggestion.fault === null;
}

function useFocusOnChange(page: Page, heading: { readonly current: HTMLElement | null }): void {
  const before = useRef(page);
  useEffect(() => {
    if (before.current !== page) heading.current?.focus();
    before.current = page;
  }, [page, heading]);
}

/** What is open over the page takes its Escape first and marks it as handled. */
function useEscape(onEscape: () => void): void {
  const latest = useRef(onEscape);
  latest.current = onEscape;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      const inDialog = document.querySelector('[role="dialog"], [role="alertdialog"]') !== null;
      if (event.key === 'Escape' && !event.defaultPrevented && !inDialog) latest.current();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, []);
}
