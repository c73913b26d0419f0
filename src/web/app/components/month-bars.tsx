import { useLayoutEffect, useRef } from 'preact/hooks';
import type { Overview } from '../../api.js';
import { useLanguage } from '../context.js';

type Month = Overview['months'][number];

/** The same months, year by year. */
function yearsOf(months: readonly Month[]): { year: string; months: Month[] }[] {
  const years = new Map<string, Month[]>();
  for (const month of months) {
    const year = month.month.slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), month]);
  }
  return [...years].map(([year, ofYear]) => ({ year, months: ofYear }));
}

/** How a memory grew: a bar a month, and the same as a table. `monthHref` leads to what was remembered in a month. */
export function MonthBars({ months, monthHref }: { months: Overview['months']; monthHref: (month: string) => string }) {
  const { strings, format } = useLanguage();
  const { picture } = strings;
  const scroller = useRef<HTMLOListElement>(null);
  const most = Math.max(1, ...months.map(({ added, changed, forgotten }) => added + changed + forgotten));

  // The newest months are what most people come for; room after them lets the first one in sight be a whole one.
  useLayoutEffect(() => {
    const bars = scroller.current;
    const month = bars?.querySelector('a')?.getBoundingClientRect().width;
    if (!bars || !month) return;
    bars.style.paddingInlineEnd = bars.scrollWidth > bars.clientWidth ? `${bars.clientWidth % month}px` : '';
    bars.scrollTo({ left: bars.scrollWidth });
  }, [months]);

  return (
    <figure class="months">
      <ul class="legend">
        {(['added', 'changed', 'forgotten'] as const).map((name) => (
          <li key={name} class={`key ${name}`}>
            {picture[name]}
          </li>
        ))}
      </ul>
      <ol class="bars" ref={scroller}>
        {yearsOf(months).map(({ year, months: ofYear }) => (
          <li key={year} class="year" style={{ '--months': ofYear.length }}>
            <ol>
              {ofYear.map((counts) => (
                <li key={counts.month}>
                  <MonthBar counts={counts} most={most} href={monthHref(counts.month)} />
                </li>
              ))}
            </ol>
            <span class="tick" aria-hidden="true">
              {year}
            </span>
          </li>
        ))}
      </ol>
      <details>
        <summary>{picture.table}</summary>
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">{picture.month}</th>
              <th scope="col">{picture.added}</th>
              <th scope="col">{picture.changed}</th>
              <th scope="col">{picture.forgotten}</th>
            </tr>
          </thead>
          <tbody>
            {[...months].reverse().map(({ month, added, changed, forgotten }) => (
              <tr key={month}>
                <th scope="row">
                  <a href={monthHref(month)}>{format.month(month)}</a>
                </th>
                <td>{format.number(added)}</td>
                <td>{format.number(changed)}</td>
                <td>{format.number(forgotten)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

/** One month: its bar, of which `most` is the whole height, and its name. */
function MonthBar({ counts: { month, added, changed, forgotten }, most, href }: { counts: Month; most: number; href: string }) {
  const { strings, format } = useLanguage();
  const { picture } = strings;
  const share = (count: number) => `${(count / most) * 100}%`;
  return (
    <a href={href} title={format.month(month)}>
      <span class="hidden">
        {`${format.month(month)}: ${picture.added} ${format.number(added)}, ${picture.changed} ${format.number(changed)}, ${picture.forgotten} ${format.number(forgotten)}`}
      </span>
      <span class="bar" aria-hidden="true">
        <span class="part forgotten" style={{ '--share': share(forgotten) }} />
        <span class="part changed" style={{ '--share': share(changed) }} />
        <span class="part added" style={{ '--share': share(added) }} />
      </span>
      <span class="tick" aria-hidden="true">
        {format.month(month, 'short')}
      </span>
    </a>
  );
}
