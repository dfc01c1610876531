/**
 * Files put together into one ZIP archive (PKWARE's APPNOTE, 4.3), each as it is, without packing.
 *
 * A table of a city has some hundred kilobytes: packing them would save little, and have whoever
 * clicks wait for a stream.
 */

export interface ZipEntry {
  name: string;
  text: string;
}

const POLYNOMIAL = 0xedb8_8320;
/** 1980-01-01, the first day that the format has: the same content is the same file. */
const DAY = 0x0021;
const VERSION = 20;
const NAMES_IN_UTF8 = 0x0800;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? (value >>> 1) ^ POLYNOMIAL : value >>> 1;
  }
  return value;
});

/** CRC-32, as ZIP and gzip have it. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffff_ffff;
  for (const byte of bytes) {
    crc = (TABLE[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  }
  return (crc ^ 0xffff_ffff) >>> 0;
}

/** Put entries into an archive, in their order. */
export function zipped(entries: ZipEntry[]): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const [bodies, index]: [Uint8Array[], Uint8Array[]] = [[], []];
  let offset = 0;
  for (const { name, text } of entries) {
    const [title, body] = [encoder.encode(name), encoder.encode(text)];
    // What stands both before the content and in the index.
    const about = [
      ...[short(VERSION), short(NAMES_IN_UTF8), short(0), short(0), short(DAY)],
      ...[long(crc32(body)), long(body.length), long(body.length), short(title.length), short(0)],
    ].flat();
    const head = Uint8Array.from([...long(0x0403_4b50), ...about]);
    const rest = [short(0), short(0), short(0), long(0), long(offset)].flat();
    index.push(Uint8Array.from([...long(0x0201_4b50), ...short(VERSION), ...about, ...rest]), title);
    bodies.push(head, title, body);
    offset += head.length + title.length + body.length;
  }
  const count = short(entries.length);
  const length = index.reduce((sum, part) => sum + part.length, 0);
  const end = [long(0x0605_4b50), short(0), short(0), count, count, long(length), long(offset)];
  return joined([...bodies, ...index, Uint8Array.from([...end.flat(), ...short(0)])]);
}

function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Two bytes, the lower first. */
function short(value: number): number[] {
  return [value & 0xff, (value >>> 8) & 0xff];
}

/** Four bytes, the lowest first. */
function long(value: number): number[] {
  return [...short(value & 0xffff), ...short(value >>> 16)];
}
