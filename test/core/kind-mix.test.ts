import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mixed } from '../../src/core/kind-mix.js';
import { thresholds } from '../../src/core/ranking/weights.js';

interface Ranked {
  place: number;
  isInsight: boolean;
}
const isInsight = (hit: Ranked) => hit.isInsight;
const anyRanking = fc
  .array(fc.boolean(), { maxLength: 80 })
  .map((kinds) => kinds.map((each, place): Ranked => ({ place, isInsight: each })));
const places = (hits: Ranked[]) => hits.map(({ place }) => place);
const mostOf = (count: number) => Math.ceil(count * thresholds.insights);

describe('insights among the hits', () => {
  it('are a third of any first hits at most while others remain; nothing is lost, and the order in each kind stays', () => {
    fc.assert(
      fc.property(anyRanking, (hits) => {
        const mix = mixed(hits, isInsight);
        expect(places(mix).sort((a, b) => a - b)).toEqual(places(hits));
        expect(mix.filter(isInsight)).toEqual(hits.filter(isInsight));
        expect(mix.filter((hit) => !hit.isInsight)).toEqual(hits.filter((hit) => !hit.isInsight));
        const lastOther = mix.findLastIndex((hit) => !hit.isInsight);
        for (let count = 1; count <= lastOther + 1; count += 1)
          expect(mix.slice(0, count).filter(isInsight).length).toBeLessThanOrEqual(mostOf(count));
      }),
    );
  });

  it('are put back no further than that takes', () => {
    fc.assert(
      fc.property(anyRanking, (hits) => {
        const mix = mixed(hits, isInsight);
        for (const [index, hit] of mix.entries()) {
          const insight = mix.slice(index + 1).find(isInsight);
          const isOvertaken = !hit.isInsight && insight !== undefined && insight.place < hit.place;
          if (isOvertaken) expect(mix.slice(0, index).filter(isInsight).length + 1).toBeGreaterThan(mostOf(index + 1));
        }
      }),
    );
  });

  it('begin the same however many hits are asked for', () => {
    fc.assert(
      fc.property(anyRanking, fc.nat(80), (hits, count) => {
        const some = [...hits.filter(isInsight).slice(0, count), ...hits.filter((hit) => !hit.isInsight).slice(0, count)];
        const first = mixed(
          some.sort((a, b) => a.place - b.place),
          isInsight,
        );
        expect(first.slice(0, count)).toEqual(mixed(hits, isInsight).slice(0, count));
      }),
    );
  });

  it('may lead, and all be given where there is nothing else', () => {
    const hits = ['insight', 'another insight', 'third insight', 'tea', 'milk', 'a last insight'];
    const isDerived = (text: string) => text.endsWith('insight');
    expect(mixed(hits, isDerived)).toEqual(['insight', 'tea', 'milk', 'another insight', 'third insight', 'a last insight']);
    const others = ['insight', 'another insight', 'tea', 'milk', 'bread', 'rice'];
    expect(mixed(others, isDerived)).toEqual(['insight', 'tea', 'milk', 'another insight', 'bread', 'rice']);
  });
});
