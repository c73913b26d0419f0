/**
 * Symbols of newer GNU C libraries that the Chroma binding needs but can do without: what to call instead, or, for
 * weak ones that the code itself tests for, nothing. The __isoc23 forms differ from their elders only in reading 0b
 * prefixes of binary numbers; the pidfd ones have a fallback in Rust's standard library.
 */
const replacements = new Map<string, string | undefined>([
  ['__isoc23_strtol', 'strtol'],
  ['__isoc23_sscanf', 'sscanf'],
  ['pidfd_getpid', undefined],
  ['pidfd_spawnp', undefined],
]);

/** The oldest symbol version of the GNU C library by ELF machine number: x86-64 and AArch64. */
const oldestVersions = new Map([
  [0x3e, 'GLIBC_2.2.5'],
  [0xb7, 'GLIBC_2.17'],
]);

const sectionType = { dynamicSymbols: 11, versionNeeds: 0x6ffffffe, symbolVersions: 0x6fffffff };
const weakVersion = 2;
const weakBinding = 2;
const symbolSize = 24;

interface Section {
  type: number;
  offset: number;
  size: number;
  link: number;
  info: number;
}
interface NeededVersion {
  /** Where its entry starts in the file. */
  offset: number;
  /** How the symbol version table refers to it. */
  index: number;
  name: string;
}

/**
 * Whether a shared library asks for a newer GNU C library than `libcVersion` ("2.36"). Raises an Error when it is not
 * a 64-bit little-endian ELF file.
 */
export function needsNewerLibc(binary: Buffer, libcVersion: string): boolean {
  return neededVersions(binary, tablesOf(binary)).some(({ name }) => isNewer(name, libcVersion));
}

/**
 * A copy of a shared library that loads with the GNU C library `libcVersion`: symbols that are too new are bound to
 * their elders, or left out where they are weak. Raises an Error that names the first too-new symbol which is not known
 * to be dispensable. Formats: the ELF-64 object file format and the Linux Standard Base's symbol versioning.
 */
export function adaptToLibc(binary: Buffer, libcVersion: string): Buffer {
  const adapted = Buffer.from(binary);
  const tables = tablesOf(adapted);
  const versions = neededVersions(adapted, tables);
  const oldest = versions.find(({ name }) => name === oldestVersions.get(adapted.readUInt16LE(0x12)));
  if (oldest === undefined) throw new Error('it has no symbol of the oldest C library to bind to');
  const tooNew = new Map(versions.filter(({ name }) => isNewer(name, libcVersion)).map((version) => [version.index, version]));

  for (let number = 0; number < tables.symbols.size / symbolSize; number++) {
    const versionAt = tables.symbolVersions.offset + number * 2;
    const version = tooNew.get(adapted.readUInt16LE(versionAt) & 0x7fff);
    if (version === undefined) continue;
    const symbolAt = tables.symbols.offset + number * symbolSize;
    const nameAt = adapted.readUInt32LE(symbolAt);
    const name = textAt(adapted, tables.strings.offset + nameAt);
    const weak = adapted.readUInt8(symbolAt + 4) >> 4 === weakBinding;
    const replacement = replacements.get(name);
    if (!replacements.has(name) || (replacement === undefined && !weak)) throw new Error(`it needs ${name} of ${version.name}`);
    // The elder's name is the tail of the newer one, so no string has to be added.
    if (replacement !== undefined) adapted.writeUInt32LE(nameAt + name.length - replacement.length, symbolAt);
    adapted.writeUInt16LE(oldest.index, versionAt);
  }
  for (const { offset } of tooNew.values()) adapted.writeUInt16LE(adapted.readUInt16LE(offset + 4) | weakVersion, offset + 4);
  return adapted;
}

function tablesOf(binary: Buffer) {
  const isElf64LittleEndian = binary.length > 0x40 && binary.readUInt32BE(0) === 0x7f454c46 && binary[4] === 2 && binary[5] === 1;
  if (!isElf64LittleEndian) throw new Error('it is not a 64-bit ELF file');
  const start = Number(binary.readBigUInt64LE(0x28));
  const sections = Array.from({ length: binary.readUInt16LE(0x3c) }, (_, number) =>
    sectionAt(binary, start + number * binary.readUInt16LE(0x3a)),
  );
  const find = (type: number): Section => {
    const section = sections.find((candidate) => candidate.type === type);
    if (section === undefined) throw new Error('its symbol versions are missing');
    return section;
  };
  const symbols = find(sectionType.dynamicSymbols);
  const strings = sections[symbols.link];
  if (strings === undefined) throw new Error('its symbol names are missing');
  return { symbols, strings, symbolVersions: find(sectionType.symbolVersions), needs: find(sectionType.versionNeeds) };
}

function sectionAt(binary: Buffer, offset: number): Section {
  return {
    type: binary.readUInt32LE(offset + 4),
    offset: Number(binary.readBigUInt64LE(offset + 0x18)),
    size: Number(binary.readBigUInt64LE(offset + 0x20)),
    link: binary.readUInt32LE(offset + 0x28),
    info: binary.readUInt32LE(offset + 0x2c),
  };
}

function neededVersions(binary: Buffer, { needs, strings }: { needs: Section; strings: Section }): NeededVersion[] {
  const versions: NeededVersion[] = [];
  let library = needs.offset;
  for (let remaining = needs.info; remaining > 0; remaining--) {
    let offset = library + binary.readUInt32LE(library + 8);
    for (let entries = binary.readUInt16LE(library + 2); entries > 0; entries--) {
      const name = textAt(binary, strings.offset + binary.readUInt32LE(offset + 8));
      versions.push({ offset, index: binary.readUInt16LE(offset + 6), name });
      offset += binary.readUInt32LE(offset + 12);
    }
    library += binary.readUInt32LE(library + 12);
  }
  return versions;
}

function textAt(binary: Buffer, offset: number): string {
  return binary.toString('latin1', offset, binary.indexOf(0, offset));
}

/** Compares a symbol version such as GLIBC_2.38 with a library version such as 2.36; other libraries' never count. */
function isNewer(symbolVersion: string, libcVersion: string): boolean {
  const wanted = /^GLIBC_(\d+)\.(\d+)/.exec(symbolVersion);
  const present = /^(\d+)\.(\d+)/.exec(libcVersion);
  if (wanted === null || present === null) return false;
  const [major, minor] = [Number(wanted[1]), Number(wanted[2])];
  return major > Number(present[1]) || (major === Number(present[1]) && minor > Number(present[2]));
}
