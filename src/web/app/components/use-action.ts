import { useState } from 'preact/hooks';
import type { ApiError } from '../api.js';
import { apiErrorOf } from '../use-answer.js';

/** Something that a person has started: whether it is under way, and how it failed. */
export interface Action {
  isRunning: boolean;
  error?: ApiError;
  /** Runs one after another; while one is under way nothing is started. */
  run(work: () => Promise<void>): void;
}

/** Keeps an account of what a person starts. */
export function useAction(): Action {
  const [state, setState] = useState<{ isRunning: boolean; error?: ApiError }>({ isRunning: false });

  async function follow(work: () => Promise<void>): Promise<void> {
    setState({ isRunning: true });
    try {
      await work();
      setState({ isRunning: false });
    } catch (error) {
      setState({ isRunning: false, error: apiErrorOf(error) });
    }
  }

  return {
    ...state,
    run(work) {
      if (!state.isRunning) void follow(work);
    },
  };
}
