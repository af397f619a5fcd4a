//! Removal of what only reports a panic, before the program is split.
//!
//! The page prints no report: a panic ends the program at once (`panic = "abort"`), and no hook is set. A function that reports one
//! becomes the trap that it ends with, and so does each straight run of instructions that leads to nothing but its call. Places in source
//! files become zeros. What only these referred to, messages above all, is then referred to no more, and stands in no part.

use std::ops::Range;

use anyhow::{Context, ensure};
use wasmparser::{
    CompositeInnerType, FunctionBody, KnownCustom, Linking, Name, Operator, Parser, Payload, RelocSectionReader,
    SymbolInfo, TypeRef,
};

/// Functions of Rust's library, and of three crates, that only report a panic, by parts of their names.
const REPORTS: [&str; 20] = [
    "panicking::panic",
    "panicking::assert_failed",
    "panicking::begin_panic",
    "rust_begin_unwind",
    "rust_panic",
    "handle_alloc_error",
    "capacity_overflow",
    "borrow_fail",
    "option::unwrap_failed",
    "option::expect_failed",
    "result::unwrap_failed",
    "result::expect_failed",
    "slice_error_fail",
    "slice_index_fail",
    "panic_access_error",
    "panic_already_borrowed",
    "panic_already_mutably_borrowed",
    "raw_vec::handle_error",
    "::assert_failed",
    "wasm_bindgen::throw_str",
];

/// Functions that print a value for such a report: nothing else in the page prints values that way. And parts of Rust's library and of
/// Leptos that are linked and never called: events are not delegated (the feature `delegation` is off), no attribute is spread over a
/// view of unknown type.
const NEVER_CALLED: [&str; 7] = [
    "fmt::Debug>::fmt",
    "PadAdapter as core::fmt::Write>::",
    "io::error::Error as core::fmt::Display>::fmt",
    "Dom::add_event_listener_delegated",
    "IntoAnyAttribute>::into_any_attr::clone",
    "any_view::elements",
    "Mountable>::elements",
];

/// Exports for streams of server functions, by the beginning of their names: Leptos links them, and the page has none.
const STREAMS: &str = "intounderlying";

/// Fewest functions that report a panic in a program of which the names are known.
const FEWEST_REPORTS: usize = 10;

/// Names of the sections of relocations of the code and of the data.
const RELOCATIONS: [&str; 2] = ["reloc.CODE", "reloc.DATA"];

/// Bytes of a place in a source file: address and length of the file's path, line and column.
const PLACE: u64 = 16;

const UNREACHABLE: u8 = 0x00;
const NOP: u8 = 0x01;

/// A program that the linker made, as far as it has to be known.
#[derive(Default)]
struct Program<'a> {
    /// Names of functions, by their indices. Those of Rust are readable.
    names: Vec<(u32, String)>,
    imported: u32,
    /// For each type of functions, by its index, whether such functions answer anything.
    answers: Vec<bool>,
    /// Types of functions, by the order of their bodies.
    types: Vec<u32>,
    bodies: Vec<FunctionBody<'a>>,
    /// Places at which the data of segments begins.
    segments: Vec<u64>,
    symbols: Vec<SymbolInfo<'a>>,
    /// Places at which code and data begin: their relocations count from there.
    bases: [u64; 2],
    /// Relocations of code and data, each with where their section begins, with its head.
    relocations: [Option<(u64, RelocSectionReader<'a>)>; 2],
}

/// Returns the program without what only reports a panic.
///
/// # Errors
/// When the program is not as the linker writes it.
pub(crate) fn remove(bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
    let program = Program::read(bytes)?;
    let silent = program.silent()?;
    let mut removed = Vec::new();
    for (body, index) in program.bodies.iter().zip(program.imported..) {
        if silent.get(index as usize) == Some(&true) {
            removed.extend(instructions(body)?);
        } else {
            removed.extend(runs_to_calls(body, &silent)?);
        }
    }
    let mut program_bytes = bytes.to_vec();
    for range in &removed {
        let instructions =
            program_bytes.get_mut(range.start as usize..range.end as usize).context("code ends early")?;
        instructions.fill(NOP);
        if let Some(first) = instructions.first_mut() {
            *first = UNREACHABLE;
        }
    }
    let places = program.places(bytes)?;
    for place in &places {
        program_bytes.get_mut(place.start as usize..place.end as usize).context("data ends early")?.fill(0);
    }
    // The last section first: what comes before it keeps its place.
    for (which, removed) in [(1, &places), (0, &removed)] {
        let (start, relocations) = program.relocations[which].as_ref().context("the program has no relocations")?;
        let section = *start as usize..relocations.range().end as usize;
        let kept = relocations_without(bytes, relocations, RELOCATIONS[which], program.bases[which], removed)?;
        program_bytes.splice(section, kept);
    }
    Ok(program_bytes)
}

impl<'a> Program<'a> {
    fn read(bytes: &'a [u8]) -> anyhow::Result<Self> {
        let mut program = Self::default();
        let mut start_of_section = 0;
        for payload in Parser::new(0).parse_all(bytes) {
            let payload = payload?;
            let section = payload.as_section();
            match payload {
                Payload::TypeSection(types) => {
                    for group in types {
                        for r#type in group?.types() {
                            program.answers.push(matches!(
                                &r#type.composite_type.inner,
                                CompositeInnerType::Func(function) if !function.results().is_empty()
                            ));
                        }
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        if let TypeRef::Func(_) = import?.ty {
                            program.imported += 1;
                        }
                    }
                }
                Payload::FunctionSection(functions) => {
                    program.types = functions.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::CodeSectionStart { range, .. } => program.bases[0] = range.start,
                Payload::CodeSectionEntry(body) => program.bodies.push(body),
                Payload::DataSection(segments) => {
                    program.bases[1] = segments.range().start;
                    for segment in segments {
                        let segment = segment?;
                        program.segments.push(segment.range.end - segment.data.len() as u64);
                    }
                }
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Name(parts) => {
                        for part in parts {
                            let Name::Function(names) = part? else { continue };
                            for name in names {
                                let name = name?;
                                program.names.push((name.index, format!("{:#}", rustc_demangle::demangle(name.name))));
                            }
                        }
                    }
                    KnownCustom::Linking(parts) => {
                        for part in parts.subsections() {
                            if let Linking::SymbolTable(symbols) = part? {
                                program.symbols = symbols.into_iter().collect::<Result<_, _>>()?;
                            }
                        }
                    }
                    KnownCustom::Reloc(relocations) => {
                        if let Some(which) = RELOCATIONS.iter().position(|name| *name == section.name()) {
                            program.relocations[which] = Some((start_of_section, relocations));
                        }
                    }
                    _ => {}
                },
                _ => {}
            }
            if let Some((_, range)) = section {
                start_of_section = range.end;
            }
        }
        Ok(program)
    }

    /// Tells for each function, by its index, whether it becomes a trap.
    fn silent(&self) -> anyhow::Result<Vec<bool>> {
        let mut silent = vec![false; self.imported as usize + self.bodies.len()];
        let mut reports = 0;
        for (index, name) in &self.names {
            let Some(body) = index.checked_sub(self.imported) else { continue };
            let r#type = *self.types.get(body as usize).context("a function has no type")?;
            let is_report = !self.answers[r#type as usize] && REPORTS.iter().any(|part| name.contains(part));
            reports += usize::from(is_report);
            silent[*index as usize] =
                is_report || name.starts_with(STREAMS) || NEVER_CALLED.iter().any(|part| name.contains(part));
        }
        // A program without names would stay heavy without a word.
        ensure!(reports >= FEWEST_REPORTS, "only {reports} functions that report a panic were found");
        Ok(silent)
    }

    /// The places in source files that stand in the data: nothing prints them.
    fn places(&self, bytes: &[u8]) -> anyhow::Result<Vec<Range<u64>>> {
        let (_, relocations) = self.relocations[1].as_ref().context("the data has no relocations")?;
        let mut places = Vec::new();
        for entry in relocations.entries() {
            let entry = entry?;
            let place = self.bases[1] + u64::from(entry.offset);
            let Some(SymbolInfo::Data { symbol: Some(symbol), .. }) = self.symbols.get(entry.index as usize) else {
                continue;
            };
            let Some(start) = self.segments.get(symbol.index as usize) else { continue };
            let path = start + u64::from(symbol.offset);
            let end = number_at(bytes, place + 4).map_or(path, |length| path + length);
            if bytes.get(path as usize..end as usize).is_some_and(|path| path.ends_with(b".rs")) {
                places.push(place..place + PLACE);
            }
        }
        places.sort_by_key(|place| place.start);
        Ok(places)
    }
}

/// The number of four bytes at a place of the program.
fn number_at(bytes: &[u8], place: u64) -> Option<u64> {
    let number = bytes.get(place as usize..place as usize + 4)?;
    Some(u32::from_le_bytes(number.try_into().ok()?).into())
}

/// The instructions of a function, but for the last, which ends it.
fn instructions(body: &FunctionBody<'_>) -> anyhow::Result<Option<Range<u64>>> {
    let start = body.get_operators_reader()?.original_position();
    let range = start..body.range().end - 1;
    Ok((!range.is_empty()).then_some(range))
}

/// The straight runs of instructions in a function that end with a call of a silent one, which they include.
fn runs_to_calls(body: &FunctionBody<'_>, silent: &[bool]) -> anyhow::Result<Vec<Range<u64>>> {
    let mut runs = Vec::new();
    let mut operators = body.get_operators_reader()?;
    let mut start = operators.original_position();
    while !operators.eof() {
        let operator = operators.read()?;
        let end = operators.original_position();
        if let Operator::Call { function_index } = operator
            && silent.get(function_index as usize) == Some(&true)
        {
            runs.push(start..end);
        }
        if leaves(&operator) {
            start = end;
        }
    }
    Ok(runs)
}

/// Returns whether an instruction ends a straight run: others may lead behind it, or it may lead elsewhere.
fn leaves(operator: &Operator<'_>) -> bool {
    matches!(
        operator,
        Operator::Block { .. }
            | Operator::Loop { .. }
            | Operator::If { .. }
            | Operator::Else
            | Operator::End
            | Operator::Br { .. }
            | Operator::BrIf { .. }
            | Operator::BrTable { .. }
            | Operator::Return
            | Operator::Unreachable
            | Operator::Call { .. }
            | Operator::CallIndirect { .. }
    )
}

/// A section of relocations, with its head, without those of what was removed.
fn relocations_without(
    bytes: &[u8],
    relocations: &RelocSectionReader<'_>,
    name: &str,
    base: u64,
    removed: &[Range<u64>],
) -> anyhow::Result<Vec<u8>> {
    let entries = relocations.entries().into_iter_with_offsets().collect::<Result<Vec<_>, _>>()?;
    let (mut kept, mut count) = (Vec::new(), 0);
    for (place, (start, entry)) in entries.iter().enumerate() {
        let at = base + u64::from(entry.offset);
        let after = removed.partition_point(|range| range.end <= at);
        if removed.get(after).is_some_and(|range| range.contains(&at)) {
            continue;
        }
        let end = entries.get(place + 1).map_or(relocations.range().end, |(next, _)| *next);
        kept.extend_from_slice(bytes.get(*start as usize..end as usize).context("relocations end early")?);
        count += 1;
    }
    let mut content = Vec::new();
    write_number(&mut content, name.len() as u32);
    content.extend_from_slice(name.as_bytes());
    write_number(&mut content, relocations.section_index());
    write_number(&mut content, count);
    content.extend(kept);
    let mut whole = vec![0];
    write_number(&mut whole, content.len() as u32);
    whole.extend(content);
    Ok(whole)
}

/// Writes a number as LEB128.
fn write_number(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        BlockType, CodeSection, ConstExpr, CustomSection, DataSection, DataSymbolDefinition, Function, FunctionSection,
        Instruction, LinkingSection, MemorySection, MemoryType, Module, NameMap, NameSection, SymbolTable, TypeSection,
    };

    use super::*;

    /// Path of a source file, which a place names by its address and length.
    const PATH: &[u8] = b"src/form.rs";

    const REPORT: &[Instruction<'_>] = &[Instruction::I32Const(7), Instruction::Drop, Instruction::End];

    const CALLER: &[Instruction<'_>] = &[
        Instruction::I32Const(1),
        Instruction::If(BlockType::Empty),
        Instruction::I32Const(5),
        Instruction::Drop,
        Instruction::Call(0),
        Instruction::End,
        Instruction::End,
    ];

    /// Returns a program of functions that report a panic and, last, one that calls the first of them.
    fn program(relocations: [&[u8]; 2]) -> Vec<u8> {
        let (mut types, mut functions, mut code) = (TypeSection::new(), FunctionSection::new(), CodeSection::new());
        types.ty().function([], []);
        let mut names = NameMap::new();
        for index in 0..=FEWEST_REPORTS as u32 {
            let is_caller = index == FEWEST_REPORTS as u32;
            let mut function = Function::new([]);
            for instruction in if is_caller { CALLER } else { REPORT } {
                function.instruction(instruction);
            }
            functions.function(0);
            code.function(&function);
            names.append(index, if is_caller { "_RNvC1a4form" } else { "_RNvNtC4core9panicking9panic_fmt" });
        }
        let mut memories = MemorySection::new();
        memories.memory(MemoryType { minimum: 1, maximum: None, memory64: false, shared: false, page_size_log2: None });
        let place = [0_u32, PATH.len() as u32, 12, 34].map(u32::to_le_bytes).concat();
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(0), [PATH, &place].concat());
        let mut symbols = SymbolTable::new();
        symbols.data(0, "path", Some(DataSymbolDefinition { index: 0, offset: 0, size: PATH.len() as u32 }));
        let (mut linking, mut name) = (LinkingSection::new(), NameSection::new());
        linking.symbol_table(&symbols);
        name.functions(&names);
        let mut module = Module::new();
        module.section(&types).section(&functions).section(&memories).section(&code).section(&data).section(&linking);
        for (name, data) in RELOCATIONS.into_iter().zip(relocations) {
            module.section(&CustomSection { name: name.into(), data: data.into() });
        }
        module.section(&name);
        module.finish()
    }

    /// Content of a section of relocations, each an address of the one symbol at an offset.
    fn relocations(section: u8, r#type: u8, offsets: &[u64]) -> Vec<u8> {
        let entries = offsets.iter().flat_map(|offset| [r#type, *offset as u8, 0, 0]);
        [section, offsets.len() as u8].into_iter().chain(entries).collect()
    }

    fn offsets(program: &Program<'_>, which: usize) -> Vec<u64> {
        let (_, relocations) = program.relocations[which].as_ref().unwrap();
        relocations.entries().into_iter().map(|entry| entry.unwrap().offset.into()).collect()
    }

    #[test]
    fn reports_and_what_leads_to_their_calls_become_traps_and_refer_to_nothing() {
        let none = [relocations(3, 4, &[]), relocations(4, 5, &[])];
        let bytes = program([&none[0], &none[1]]);
        let parsed = Program::read(&bytes).unwrap();
        let [code, data] = parsed.bases;
        let caller = parsed.bodies.last().unwrap().get_operators_reader().unwrap().original_position();
        let in_report = parsed.bodies[0].get_operators_reader().unwrap().original_position() + 1 - code;
        // The number that decides, and the one that is dropped in front of the call.
        let (before, in_run) = (caller + 1 - code, caller + 5 - code);
        let of_place = parsed.segments[0] + PATH.len() as u64 - data;
        let code_section = relocations(3, 4, &[in_report, before, in_run]);
        let data_section = relocations(4, 5, &[of_place]);

        let silent = remove(&program([&code_section, &data_section])).unwrap();
        let parsed = Program::read(&silent).unwrap();
        assert_eq!(offsets(&parsed, 0), [before]);
        assert_eq!(offsets(&parsed, 1), [0_u64; 0]);
        let instructions = |body: &FunctionBody<'_>| -> Vec<String> {
            let operators = body.get_operators_reader().unwrap();
            operators.into_iter().map(|operator| format!("{:?}", operator.unwrap())).collect()
        };
        let report = instructions(&parsed.bodies[0]);
        assert_eq!(report, ["Unreachable", "Nop", "Nop", "End"]);
        let caller = instructions(parsed.bodies.last().unwrap());
        assert_eq!(caller[..3], ["I32Const { value: 1 }", "If { blockty: Empty }", "Unreachable"]);
        assert!(caller[3..caller.len() - 2].iter().all(|operator| operator == "Nop"), "{caller:?}");
        let place = parsed.segments[0] as usize + PATH.len();
        assert_eq!(silent[place..place + PLACE as usize], [0; PLACE as usize]);
    }

    #[test]
    fn a_program_without_names_is_refused() {
        let mut module = Module::new();
        module.section(&TypeSection::new());
        assert!(remove(&module.finish()).is_err());
    }
}
