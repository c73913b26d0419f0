import { createHash } from 'node:crypto';
import type { AttachedBytes, AttachmentReader } from '../core/ports.js';
import { audioEndings } from './openai/transcription.js';
import type { Read, Reader } from './openai/vision.js';

const imageTypes = ['image/png', 'image/jpeg', 'image/jpg', 'image/gif', 'image/webp'];
/** What was read is kept for inputs that wait for another model, so that trying again costs nothing: this many. */
const mostKept = 200;

/** Reads images and recordings by the models that are configured. */
export function createAttachmentReader({ image, audio }: { image: Reader | undefined; audio: Reader | undefined }): AttachmentReader {
  const kept = new Map<string, Read>();

  function obstacle(mimeType: string): string | undefined {
    const isImage = mimeType.startsWith('image/');
    if (!(isImage ? image : audio)) {
      const setting = isImage ? 'KEEPSAKE_VISION_MODEL' : 'KEEPSAKE_TRANSCRIBE_MODEL';
      return `no model ${isImage ? 'reads images' : 'transcribes audio'}: set ${setting}, and OPENAI_API_KEY or OPENAI_BASE_URL`;
    }
    if (isImage ? imageTypes.includes(mimeType) : mimeType in audioEndings) return undefined;
    return isImage ? 'images are read as png, jpeg, gif and webp only' : 'audio is transcribed as flac, m4a, mp3, ogg, wav and webm only';
  }

  async function read(attached: AttachedBytes, signal: AbortSignal): Promise<Read> {
    const reader = attached.mime_type.startsWith('image/') ? image : audio;
    const reason = obstacle(attached.mime_type);
    if (!reader || reason !== undefined) return { skipped: reason ?? '' };
    const key = `${attached.mime_type} ${createHash('sha256').update(attached.data).digest('hex')}`;
    return kept.get(key) ?? reader(attached, signal).then((made) => keep(key, made));
  }

  function keep(key: string, made: Read): Read {
    kept.set(key, made);
    for (const oldest of kept.keys()) if (kept.size > mostKept) kept.delete(oldest);
    return made;
  }

  return { obstacle, read };
}
