import type { ComponentChild } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { useLanguage, useSurroundings } from '../context.js';
import type { Pages } from '../use-pages.js';
import { Failure } from './failure.js';
import { Placeholder } from './placeholder.js';

interface PagedListProps<Answer, Item> {
  pages: Pages<Answer>;
  items: readonly Item[];
  keyOf: (item: Item) => string;
  render: (item: Item) => ComponentChild;
  /** What is shown in place of an empty list. */
  empty: ComponentChild;
}

/** A list that grows by a page at a time; the focus goes on to what came. */
export function PagedList<Answer, Item>({ pages, items, keyOf, render, empty }: PagedListProps<Answer, Item>) {
  const { strings, format } = useLanguage();
  const { announce } = useSurroundings();
  const list = useRef<HTMLOListElement>(null);
  const asked = useRef<number>(undefined);

  useLayoutEffect(() => {
    const before = asked.current;
    if (before === undefined || pages.isLoading) return;
    asked.current = undefined;
    const came = items.length - before;
    announce(strings.moreCame(came, format.number(came)));
    list.current?.children[before]?.querySelector<HTMLElement>('a, button')?.focus();
  });

  function more(): void {
    asked.current = items.length;
    pages.more();
  }

  if (items.length === 0 && pages.isLoading) return <Placeholder />;
  const failure = pages.error && <Failure error={pages.error} retry={pages.pages.length > 1 ? pages.more : pages.reload} />;
  if (items.length === 0 && !pages.hasMore) return <>{failure ?? empty}</>;
  return (
    <>
      <ol class="list" ref={list} aria-busy={pages.isLoading}>
        {items.map((item) => (
          <li key={keyOf(item)}>{render(item)}</li>
        ))}
      </ol>
      {failure}
      {pages.hasMore && (
        <button type="button" class="button more" onClick={more} aria-disabled={pages.isLoading}>
          {pages.isLoading ? strings.loading : strings.more}
        </button>
      )}
    </>
  );
}
