/**
 * Sample files made on the spot: small, valid, and of exactly the size asked for.
 */
import { crc32, deflateSync } from 'node:zlib';

export type FileType = 'application/pdf' | 'image/png' | 'image/jpeg';

/** A file as Playwright hands it to a page. */
export interface SampleFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** The most that one document may weigh, in bytes. */
export const DOCUMENT_LIMIT = 10 * 1024 * 1024;

/** A valid file of this type and of `size` bytes. */
export function sample(name: string, type: FileType, size: number): SampleFile {
  const make = { 'application/pdf': pdf, 'image/png': png, 'image/jpeg': jpeg }[type];
  const buffer = make(size);
  if (buffer.length !== size) throw new Error(`no ${type} of ${size} bytes can be made`);
  return { name, mimeType: type, buffer };
}

function pdf(size: number): Buffer {
  const start = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\n%';
  const end = '\ntrailer<</Root 1 0 R>>\n%%EOF\n';
  const padding = Math.max(0, size - start.length - end.length);
  return Buffer.from(start + ' '.repeat(padding) + end, 'latin1');
}

function png(size: number): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(data.length);
    const sum = Buffer.alloc(4);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  // One grey pixel; the padding travels in a private chunk, which readers skip.
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const before = Buffer.concat([signature, chunk('IHDR', header)]);
  const after = Buffer.concat([chunk('IDAT', deflateSync(Buffer.from([0, 128]))), chunk('IEND', Buffer.alloc(0))]);
  const padding = Math.max(0, size - before.length - after.length - 12);
  return Buffer.concat([before, chunk('paDd', Buffer.alloc(padding)), after]);
}

function jpeg(size: number): Buffer {
  const start = Buffer.from([
    0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00, 0x01, 0x00, 0x01, 0x00,
    0x00,
  ]);
  const end = Buffer.from([0xff, 0xd9]);
  const comment = Buffer.alloc(Math.max(4, size - start.length - end.length), 0x20);
  comment.writeUInt16BE(0xfffe, 0);
  comment.writeUInt16BE(comment.length - 2, 2);
  return Buffer.concat([start, comment, end]);
}
