import APIDescription
import BindingPlan
import CodePrinting

/// Writes how events are kept while they wait, and how they are told to the program.
struct EventTableEmitter {
  let plan: Plan

  static func files(_ plan: Plan, _ boundary: Boundary) -> [GeneratedFile] {
    let emitter = EventTableEmitter(plan: plan)
    let kinds = EventKind.all(plan, boundary)
    var printer = CodePrinter(.c)
    printer.lines(
      "/* Events: copies that wait in a queue, and calls of the program's callbacks. */", "#include <stdlib.h>",
      "#include <string.h>", "#include \"virt-dispatch.h\"", "")
    for structure in emitter.pointedStructs(kinds) { emitter.write(structure, to: &printer) }
    for kind in kinds { emitter.write(kind, to: &printer) }
    printer.block("const struct virt_event_kind virt_event_kinds[] = {", "};") { printer in
      for kind in kinds {
        let handleClass = GuardEmitter.classConstant(kind.object)
        printer.line(
          "{ \(kind.family.identifier), \(kind.id), \(handleClass), copy_\(kind.name), release_\(kind.name), deliver_\(kind.name) },"
        )
      }
    }
    printer.line("const uint32_t virt_event_kind_count = sizeof virt_event_kinds / sizeof *virt_event_kinds;")
    return [printer.file("\(DispatchEmitter.folder)/events.c")]
  }

  /// The structs that payloads point to, those they contain first.
  private func pointedStructs(_ kinds: [EventKind]) -> [StructType] {
    var found: [StructType] = []
    func add(_ type: CType) {
      guard let structure = plan.types.structType(type.base), !plan.types.isTypedParameter(type.base) else { return }
      for field in structure.fields { if let inner = field.type { add(inner) } }
      if !found.contains(where: { $0.name == structure.name }) { found.append(structure) }
    }
    for kind in kinds { for field in kind.fields { add(field.parameter.type) } }
    return found
  }

  private func write(_ structure: StructType, to printer: inout CodePrinter) {
    printer.block("static void release_\(structure.name)(\(structure.name) *value)\n{") { printer in
      for field in structure.fields { writeRelease(field, to: &printer) }
    }
    printer.block("static int copy_\(structure.name)(\(structure.name) *to, const \(structure.name) *from)\n{") { printer in
      printer.line("*to = *from;")
      for field in structure.fields where isPointer(field) { printer.line("to->\(field.name) = NULL;") }
      for field in structure.fields where isPointer(field) { writeCopy(field, to: &printer) }
      printer.line("return 1;")
    }
    printer.line()
  }

  private func isPointer(_ field: StructField) -> Bool {
    guard let type = field.type else { return false }
    return type.pointers > 0 || plan.types.structType(type.base)?.pointer == type.base
  }

  private func writeRelease(_ field: StructField, to printer: inout CodePrinter) {
    guard isPointer(field), let type = field.type else { return }
    if let counter = field.countedBy, let element = plan.types.structType(type.base) {
      printer.line(
        "if (value->\(field.name)) for (int index = 0; index < value->\(counter); index++) release_\(element.name)(&value->\(field.name)[index]);"
      )
    }
    printer.line("free(value->\(field.name));")
  }

  private func writeCopy(_ field: StructField, to printer: inout CodePrinter) {
    guard let type = field.type else { return }
    if let counter = field.countedBy, let element = plan.types.structType(type.base) {
      printer.block("if (from->\(field.name) && from->\(counter) > 0) {") { printer in
        printer.line("to->\(field.name) = calloc((size_t)from->\(counter), sizeof *to->\(field.name));")
        printer.line("if (!to->\(field.name)) return 0;")
        printer.line(
          "for (int index = 0; index < from->\(counter); index++) if (!copy_\(element.name)(&to->\(field.name)[index], &from->\(field.name)[index])) return 0;"
        )
      }
    } else {
      printer.line("if (from->\(field.name) && !(to->\(field.name) = strdup(from->\(field.name)))) return 0;")
    }
  }

  private func write(_ kind: EventKind, to printer: inout CodePrinter) {
    let name = "struct \(kind.structName)"
    printer.block("static void release_\(kind.name)(void *payload)\n{") { printer in
      printer.line("\(name) *value = payload;")
      for field in kind.fields { writeRelease(field, to: &printer) }
      printer.line("free(value);")
    }
    printer.block("static void *copy_\(kind.name)(const void *payload)\n{") { printer in
      printer.line(kind.fields.isEmpty ? "(void)payload;" : "const \(name) *from = payload;")
      printer.line("\(name) *to = calloc(1, sizeof *to);")
      printer.line("if (!to) return NULL;")
      for field in kind.fields { writeCopy(field, to: &printer) }
      printer.line("return to;")
    }
    printer.block(
      "static void deliver_\(kind.name)(void (*callback)(void), virConnectPtr connection, void *object, const void *payload, void *opaque)\n{"
    ) { printer in
      printer.line("const \(name) *value = payload;")
      var arguments: [String] = []
      for parameter in kind.callback.parameters {
        if parameter.role == "opaque" {
          arguments.append("opaque")
        } else if let handle = plan.types.handle(parameter.type.base) {
          arguments.append(handle.classID == kind.object.classID ? "object" : "connection")
        } else {
          let isConst = parameter.type.isConst || parameter.type.pointers == 0
          let isStruct = plan.types.structType(parameter.type.base) != nil
          arguments.append(isConst && !isStruct ? "value->\(parameter.name)" : "(\(parameter.type.text))value->\(parameter.name)")
        }
      }
      if kind.fields.isEmpty { printer.line("(void)value;") }
      printer.line("((\(kind.callback.name))callback)(\(arguments.joined(separator: ", ")));")
    }
    printer.line()
  }

  private func writeRelease(_ field: PlannedParameter, to printer: inout CodePrinter) {
    let name = field.parameter.name
    let type = field.parameter.type
    switch field.marshalling {
    case .parameters(let length, _): printer.line("virt_parameters_free((virTypedParameterPtr)value->\(name), value->\(length));")
    case .text: printer.line("free((char *)value->\(name));")
    default:
      guard let structure = plan.types.structType(type.base) else { return }
      printer.line("if (value->\(name)) release_\(structure.name)((\(structure.name) *)value->\(name));")
      printer.line("free((void *)value->\(name));")
    }
  }

  private func writeCopy(_ field: PlannedParameter, to printer: inout CodePrinter) {
    let name = field.parameter.name
    switch field.marshalling {
    case .parameters(let length, _):
      printer.line("to->\(name) = virt_parameters_copy(from->\(name), from->\(length));")
    case .text: printer.line("if (from->\(name)) to->\(name) = strdup(from->\(name));")
    default:
      guard let structure = plan.types.structType(field.parameter.type.base) else {
        printer.line("to->\(name) = from->\(name);")
        return
      }
      printer.block("if (from->\(name)) {") { printer in
        printer.line("\(structure.name) *copied = calloc(1, sizeof *copied);")
        printer.line("if (copied) copy_\(structure.name)(copied, from->\(name));")
        printer.line("to->\(name) = copied;")
      }
    }
  }
}
