/** A parsed JSON object. */
type Json = Record<string, unknown>;

/** An image as a chat request brings it. */
export interface FakeImage {
  type: string;
  bytes: Buffer;
}

/** A transcription request as a handler sees it. */
export interface FakeRecording {
  model: string;
  name: string;
  type: string;
  bytes: Buffer;
}

/** What a transcription answers: the words, or a function that makes them; a throw answers 500. */
export type TranscriptAnswer = string | ((recording: FakeRecording) => string | Promise<string>);

const firstBytes: Record<string, RegExp> = {
  'image/png': /^\x89PNG\r\n/,
  'image/jpeg': /^\xff\xd8\xff/,
  'image/gif': /^GIF8[79]a/,
  'image/webp': /^RIFF[\s\S]{4}WEBP/,
};
const largestImage = 20_000_000;
const largestRecording = 25_000_000;
const audioFormats = ['flac', 'm4a', 'mp3', 'mp4', 'mpeg', 'mpga', 'oga', 'ogg', 'wav', 'webm'];

/** The text of a message's content, be it a text or a list of parts. */
export function textOf(content: unknown): string {
  if (!Array.isArray(content)) return typeof content === 'string' ? content : '';
  return (content as Json[]).flatMap(({ type, text }) => (type === 'text' ? [String(text)] : [])).join('\n');
}

/** The images of a message's content. */
export function imagesOf(content: unknown): FakeImage[] {
  if (!Array.isArray(content)) return [];
  return (content as Json[]).flatMap((part) => {
    const [, type = '', base64 = ''] = dataUrl.exec(urlOf(part)) ?? [];
    return part.type === 'image_url' ? [{ type, bytes: Buffer.from(base64, 'base64') }] : [];
  });
}

const dataUrl = /^data:([a-z/]+);base64,([A-Za-z0-9+/]+={0,2})$/;

function urlOf(part: Json): string {
  return String((part.image_url as Json | undefined)?.url);
}

/** The first breach of the rules for the content of a message, in OpenAI's words. */
export function contentFault({ role, content, tool_calls }: Json): string | undefined {
  if (typeof content === 'string' || content === null) return undefined;
  if (content === undefined && tool_calls !== undefined) return undefined;
  if (!Array.isArray(content) || content.length === 0)
    return "Invalid type for 'messages.content': expected a string or an array of objects.";
  for (const part of content as Json[]) {
    if (part.type === 'text' && typeof part.text === 'string') continue;
    if (part.type !== 'image_url') return `Invalid value: '${part.type}'. Supported values are: 'text' and 'image_url'.`;
    if (role !== 'user') return "Invalid 'messages': image URLs are only allowed for messages with role 'user'.";
    const [, type = '', base64 = ''] = dataUrl.exec(urlOf(part)) ?? [];
    const bytes = Buffer.from(base64, 'base64');
    if (bytes.length === 0) return "Invalid 'image_url': expected a base64-encoded data URL.";
    if (!firstBytes[type]?.test(bytes.subarray(0, 16).toString('latin1')))
      return "You uploaded an unsupported image. Please make sure your image has one of the following formats: ['png', 'jpeg', 'gif', 'webp'].";
    if (bytes.length > largestImage) return 'Image exceeds the maximum size of 20 MB.';
  }
  return undefined;
}

/** Whether any message brings an image. */
export function hasImages(messages: Json[]): boolean {
  return messages.some(({ content }) => imagesOf(content).length > 0);
}

/** The fields of a multipart body; a file as its name, type and bytes. */
export async function readMultipart(body: Buffer, type: string): Promise<Json> {
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const fields: Json = {};
  for (const [name, value] of form) {
    fields[name] =
      typeof value === 'string' ? value : { name: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
  }
  return fields;
}

/** The recording of a transcription request, or the first breach of its rules. */
export function readRecording({ model, file, ...others }: Json): { recording?: FakeRecording; fault?: string } {
  const known = ['language', 'prompt', 'response_format', 'temperature'];
  const unknown = Object.keys(others).find((name) => !known.includes(name));
  if (unknown !== undefined) return { fault: `Unrecognized request argument supplied: ${unknown}` };
  if (typeof model !== 'string' || model === '') return { fault: 'you must provide a model parameter' };
  if (typeof file !== 'object' || file === null) return { fault: '1 validation error for Request: body -> file: field required' };
  const recording = { model, ...(file as Omit<FakeRecording, 'model'>) };
  const ending = /\.([a-z0-9]+)$/.exec(recording.name)?.[1] ?? '';
  if (!audioFormats.includes(ending)) return { fault: `Invalid file format. Supported formats: ${JSON.stringify(audioFormats)}` };
  if (recording.bytes.length === 0) return { fault: 'Audio file is too short. Minimum audio length is 0.1 seconds.' };
  if (recording.bytes.length > largestRecording) return { fault: 'Maximum content size limit (26214400) exceeded.' };
  return { recording };
}
