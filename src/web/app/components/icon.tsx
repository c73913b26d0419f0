/** Outlines on a 20 by 20 grid. */
const outlines = {
  search: 'M9 3.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11Zm4 9.5 3.5 3.5',
  memories: 'M4 5h12M4 10h12M4 15h7',
  picture: 'M4 16V9.5M8 16V5.5M12 16v-4.5M16 16V7.5',
  insights: 'M10 3a5 5 0 0 1 3 9c-.6.5-1 1.1-1 2H8c0-.9-.4-1.500-1-2a5 5 0 0 1 3-9ZM8.500 17h3',
  activity: 'M3 10.500h3l2.500-6 3.500 11 2-5h3',
  health: 'M10 16.500S3.500 12.700 3.500 8.200A3.400 3.400 0 0 1 10 6.700a3.400 3.400 0 0 1 6.500 1.500c0 4.500-6.500 8.300-6.500 8.300Z',
  pin: 'M7.500 3h5l-.6 5 2.600 2.700h-9L8.100 8 7.500 3ZM10 10.700V17',
  back: 'M12 4.500 6.500 10l5.500 5.500',
  settings: 'M3 6.500h8M15 6.500h2M3 13.500h2M9 13.500h8M13 4.500v4M7 11.500v4',
} as const;

/** The name of an icon. */
export type IconName = keyof typeof outlines;

/** A small drawing beside words that say the same; readers of the screen pass it by. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
      <path d={outlines[name]} />
    </svg>
  );
}
