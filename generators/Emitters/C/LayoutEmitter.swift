import APIDescription
import BindingPlan
import CodePrinting

/// Where the fields of a struct lie on the platforms with 8-byte longs and pointers.
struct StructLayout {
  let size: Int
  let alignment: Int
  let offsets: [(name: String, offset: Int)]

  init(_ type: StructType, _ plan: Plan) {
    self.init(type.fields, plan, isUnion: false)
  }

  private init(_ fields: [StructField], _ plan: Plan, isUnion: Bool) {
    var size = 0, alignment = 1
    var offsets: [(name: String, offset: Int)] = []
    for field in fields {
      let part = Self.measure(field, plan)
      let offset = isUnion ? 0 : (size + part.alignment - 1) / part.alignment * part.alignment
      offsets.append((field.name, offset))
      size = max(size, offset + part.size)
      alignment = max(alignment, part.alignment)
    }
    self.size = (size + alignment - 1) / alignment * alignment
    self.alignment = alignment
    self.offsets = offsets
  }

  private static func measure(_ field: StructField, _ plan: Plan) -> (size: Int, alignment: Int) {
    guard let type = field.type else {
      let layout = StructLayout(field.members, plan, isUnion: true)
      return (layout.size, layout.alignment)
    }
    var one = (size: 8, alignment: 8)
    if type.pointers == 0, !type.base.hasSuffix("Ptr"), !plan.types.isCallback(type.base) {
      if let known = sizes[type.base] {
        one = (known, known)
      } else if let scalar = plan.types.scalar(type.base), let known = sizes[scalar.base] {
        one = (known, known)
      } else if let structure = plan.types.structType(type.base) {
        let layout = StructLayout(structure, plan)
        one = (layout.size, layout.alignment)
      } else {
        one = (4, 4)
      }
    }
    guard let length = field.length else { return one }
    return (one.size * count(length, plan), one.alignment)
  }

  private static let sizes = [
    "char": 1, "unsigned char": 1, "short": 2, "unsigned short": 2, "int": 4, "unsigned int": 4, "long": 8, "unsigned long": 8,
    "long long": 8, "unsigned long long": 8, "long long int": 8, "unsigned long long int": 8, "size_t": 8, "double": 8,
  ]

  /// An array length: a number, a sum in parentheses, or a macro that stands for one.
  private static func count(_ text: String, _ plan: Plan) -> Int {
    if let number = Int(text) { return number }
    if text.hasPrefix("(") {
      return text.dropFirst().dropLast().split(separator: "+").reduce(0) { $0 + (Int($1.filter { $0 != " " }) ?? 0) }
    }
    for topic in plan.description.topics {
      if let macro = topic.macros.first(where: { $0.name == text }), let value = macro.value { return count(value, plan) }
    }
    return 0
  }
}

/// Writes compile-time checks of the layout of every public struct.
enum LayoutEmitter {
  static func files(_ plan: Plan) -> [GeneratedFile] {
    var printer = CodePrinter(.c)
    printer.lines(
      "/* The layout of public structs never changes: programs were compiled with it. */", "#include <stddef.h>",
      "#include <libvirt/libvirt.h>", "#include <libvirt/virterror.h>", "")
    printer.lines(
      "#if defined(__LP64__)", "#define SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), \"size of \" #type)",
      "#define OFFSET(type, field, bytes) _Static_assert(offsetof(type, field) == (bytes), \"offset of \" #type \".\" #field)", "")
    for type in plan.description.topics.flatMap(\.structs) {
      let layout = StructLayout(type, plan)
      printer.line("SIZE(\(type.name), \(layout.size));")
      for field in layout.offsets { printer.line("OFFSET(\(type.name), \(field.name), \(field.offset));") }
    }
    printer.line("#endif")
    return [printer.file("Sources/CVirtExports/Generated/layout.c")]
  }
}
