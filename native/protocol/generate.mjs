/**
 * Makes wire.h and wire.ts from wire.json: `node native/protocol/generate.mjs`.
 * With `--check` it writes nothing and fails when a file differs.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const NOTE = 'Made by generate.mjs from wire.json: edit that, never this';
const wire = JSON.parse(readFileSync(new URL('wire.json', import.meta.url), 'utf8'));

const pascal = (name) => name.replace(/(?:^|_)([a-z0-9])/g, (_, letter) => letter.toUpperCase());
const entries = (object, line) => Object.entries(object).map(([name, value]) => line(name, value));

const SIZES = {
  version: ['kVersion', 'VERSION', 'uint32_t'],
  ringBytes: ['kRingBytes', 'RING_BYTES', 'uint64_t'],
  windowBytes: ['kWindowBytes', 'WINDOW_BYTES', 'uint64_t'],
  maxFrameBytes: ['kMaxFrameBytes', 'MAX_FRAME_BYTES', 'uint32_t'],
  maxOutputBytes: ['kMaxOutputBytes', 'MAX_OUTPUT_BYTES', 'uint32_t'],
  maxSpecBytes: ['kMaxSpecBytes', 'MAX_SPEC_BYTES', 'uint32_t'],
  maxOrderBytes: ['kMaxOrderBytes', 'MAX_ORDER_BYTES', 'uint32_t'],
  idCount: ['kIdCount', 'ID_COUNT', 'uint32_t'],
  specDescriptor: ['kSpecDescriptor', 'SPEC_DESCRIPTOR', 'int'],
  reportDescriptor: ['kReportDescriptor', 'REPORT_DESCRIPTOR', 'int'],
};

/** The C++ header as text. */
export function cppHeader() {
  const fields = wire.spec.map(
    ({ name, type, required }) =>
      `    {"${name}", SpecKey::k${pascal(name)}, ${type === 'list'}, ${required}},`,
  );
  return `${[
    `// ${NOTE}.`,
    '#pragma once',
    '',
    '#include <array>',
    '#include <cstdint>',
    '#include <string_view>',
    '',
    'namespace berth::wire {',
    '',
    ...entries(SIZES, (key, [cpp, , type]) => `constexpr ${type} ${cpp} = ${wire[key]};`),
    'constexpr uint64_t kFromTail = UINT64_MAX;',
    '',
    'enum class Tag : uint8_t {',
    ...entries(wire.frames, (name, tag) => `  k${pascal(name)} = '${tag}',`),
    '};',
    '',
    'enum class Role : uint8_t {',
    ...entries(wire.roles, (name, value) => `  k${pascal(name)} = ${value},`),
    '};',
    '',
    'enum class ExitKind : uint8_t {',
    ...entries(wire.exitKinds, (name, value) => `  k${pascal(name)} = ${value},`),
    '};',
    '',
    ...entries(wire.files, (name, value) => `constexpr const char* k${pascal(name)}File = "${value}";`),
    '',
    'enum class SpecKey {',
    ...wire.spec.map(({ name }) => `  k${pascal(name)},`),
    '};',
    '',
    'struct SpecField {',
    '  std::string_view name;',
    '  SpecKey key;',
    '  bool repeated;',
    '  bool required;',
    '};',
    '',
    `constexpr std::array<SpecField, ${wire.spec.length}> kSpecFields = {{`,
    ...fields,
    '}};',
    '',
    '}  // namespace berth::wire',
  ].join('\n')}\n`;
}

/** An array of names, broken as the formatter breaks it: past 110 columns. */
function list(name, values) {
  const quoted = values.map((value) => `'${value}'`);
  const line = `export const ${name} = [${quoted.join(', ')}] as const;`;
  if (line.length <= 110) return [line];
  return [`export const ${name} = [`, ...quoted.map((value) => `  ${value},`), '] as const;'];
}

/** The TypeScript module as text. */
export function typescriptModule() {
  return `${[
    `// ${NOTE}.`,
    '',
    ...entries(SIZES, (key, [, name]) => `export const ${name} = ${wire[key]};`),
    '/** Offset of a hello that asks only for what comes from now on. */',
    'export const FROM_TAIL = 0xffff_ffff_ffff_ffffn;',
    '',
    'export const FrameTag = {',
    ...entries(wire.frames, (name, tag) => `  ${name}: 0x${tag.charCodeAt(0).toString(16)},`),
    '} as const;',
    '',
    `export const Role = { ${entries(wire.roles, (n, v) => `${n}: ${v}`).join(', ')} } as const;`,
    `export const ExitKind = { ${entries(wire.exitKinds, (n, v) => `${n}: ${v}`).join(', ')} } as const;`,
    '',
    'export const FileName = {',
    ...entries(wire.files, (name, value) => `  ${name}: '${value}',`),
    '} as const;',
    '',
    'export const specFields = [',
    ...wire.spec.map((f) => `  { name: '${f.name}', type: '${f.type}', required: ${f.required} },`),
    '] as const;',
    '',
    ...list('stateKeys', wire.state),
    ...list('exitKeys', wire.exit),
  ].join('\n')}\n`;
}

const outputs = [
  ['wire.h', cppHeader()],
  ['wire.ts', typescriptModule()],
];

if (process.argv[1] === new URL(import.meta.url).pathname) {
  for (const [name, text] of outputs) {
    const file = new URL(name, import.meta.url);
    if (!process.argv.includes('--check')) {
      writeFileSync(file, text);
    } else if (readFileSync(file, 'utf8') !== text) {
      process.stderr.write(`${name} is not what wire.json says: run node native/protocol/generate.mjs\n`);
      process.exitCode = 1;
    }
  }
}
