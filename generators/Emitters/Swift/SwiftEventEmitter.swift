import APIDescription
import BindingPlan
import CodePrinting

/// Writes the methods that emit events.
enum SwiftEventEmitter {
  /// The file.
  static func file(_ plan: Plan, _ boundary: Boundary) -> GeneratedFile {
    var printer = CodePrinter(.swift)
    printer.lines("public import CVirt", "")
    printer.block("extension EventSource {") { printer in
      for (index, kind) in EventKind.all(plan, boundary).enumerated() {
        if index > 0 { printer.line() }
        define(kind, &printer)
      }
    }
    return printer.file("Sources/VirtDriverKit/Generated/Events.swift")
  }

  private static func define(_ kind: EventKind, _ printer: inout CodePrinter) {
    let words = kind.name.split(separator: "_").map(String.init)
    let method = SwiftNaming.member(words.map { $0.uppercased() })
    let counted = Set(kind.fields.compactMap(\.parameter.length))
    let given = kind.fields.filter { !counted.contains($0.parameter.name) }
    let event = "Int32(bitPattern: UInt32(\(kind.identifier).rawValue))"
    printer.lines("/// Whether anybody listens to `\(kind.identifier)` now.")
    printer.line(
      "public var wants\(method.prefix(1).uppercased())\(method.dropFirst()): Bool { wants(\(kind.family.identifier), \(event)) }")
    printer.line("/// Queues `\(kind.identifier)`.")
    let parameters = ["_ object: ObjectIdentity"] + given.map { "\(SwiftNaming.escaped($0.parameter.name)): \(type($0))" }
    printer.list("public func \(method)(", parameters, ") {")
    printer.indented { printer in
      printer.block("object.withC { identity in") { printer in
        printer.lines(
          "var payload = \(kind.structName)()", "payload.head.size = MemoryLayout<\(kind.structName)>.size",
          "payload.head.object = identity")
        nest(given, 0, &printer) { printer in
          printer.line("emit(\(kind.family.identifier), \(event), &payload)")
        }
      }
    }
    printer.line("}")
  }

  private static func type(_ field: PlannedParameter) -> String {
    switch field.marshalling {
    case .text(let isNullable): return isNullable ? "String?" : "String"
    case .scalar, .flags: return SwiftNaming.number(field.parameter.type.base)
    case .parameters, .parametersOut: return "[TypedParameter]"
    case .structIn(let name, _): return "UnsafePointer<\(name)>?"
    default: return "UnsafeMutableRawPointer?"
    }
  }

  /// Sets one field after the other; texts are good inside their closures.
  private static func nest(
    _ fields: [PlannedParameter], _ index: Int, _ printer: inout CodePrinter, _ inner: (inout CodePrinter) -> Void
  ) {
    guard index < fields.count else { return inner(&printer) }
    let label = fields[index].parameter.name
    let name = SwiftNaming.escaped(label)
    switch fields[index].marshalling {
    case .text:
      printer.block("withOptionalCText(\(name)) { text\(index) in") { printer in
        printer.line("payload.\(name) = text\(index)")
        nest(fields, index + 1, &printer, inner)
      }
    case .parameters(let length, _), .parametersOut(let length, _):
      printer.block("withParameters(\(name)) { items\(index), count\(index) in") { printer in
        printer.lines("payload.\(name) = items\(index)", "payload.\(SwiftNaming.escaped(length)) = count\(index)")
        nest(fields, index + 1, &printer, inner)
      }
    default:
      printer.line("payload.\(name) = \(name)")
      nest(fields, index + 1, &printer, inner)
    }
  }
}
