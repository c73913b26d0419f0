import { z } from 'zod';
import { ModelError } from '../../core/ports.js';
import type { OpenAiClient } from './client.js';
import { type Reader, unlessRefused } from './vision.js';

/** The ending of a file of each type that can be transcribed: endpoints tell the format by it. */
export const audioEndings: Record<string, string> = {
  'audio/flac': 'flac',
  'audio/x-flac': 'flac',
  'audio/m4a': 'm4a',
  'audio/x-m4a': 'm4a',
  'audio/mp4': 'm4a',
  'audio/mp3': 'mp3',
  'audio/x-mp3': 'mp3',
  'audio/mpeg': 'mp3',
  'audio/mpga': 'mpga',
  'audio/oga': 'oga',
  'audio/ogg': 'ogg',
  'audio/opus': 'ogg',
  'audio/wav': 'wav',
  'audio/wave': 'wav',
  'audio/x-wav': 'wav',
  'audio/vnd.wave': 'wav',
  'audio/webm': 'webm',
};

const transcriptShape = z.object({ text: z.string() });

/** Transcribes recordings through /audio/transcriptions. */
export function createTranscriber({ client, model }: { client: OpenAiClient; model: string }): Reader {
  return ({ mime_type, data }, signal) =>
    unlessRefused(model, async () => {
      const { toFile } = await import('openai');
      const file = await toFile(data, `recording.${audioEndings[mime_type] ?? 'mp3'}`, { type: mime_type });
      const answer = await client.request((sdk, options) => sdk.audio.transcriptions.create({ model, file }, options), signal);
      const text = transcriptShape.safeParse(answer).data?.text.trim();
      if (text === undefined) {
        throw new ModelError(`${client.baseUrl} answered something that is no transcript; the base URL usually ends in /v1`);
      }
      return text === '' ? { skipped: 'no speech was heard in it' } : { text };
    });
}
