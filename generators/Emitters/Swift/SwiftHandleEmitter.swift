import APIDescription
import BindingPlan
import CodePrinting

/// Writes the Swift wrappers of handles.
enum SwiftHandleEmitter {
  /// The file.
  static func file(_ plan: Plan, _ boundary: Boundary, _ naming: SwiftNaming) -> GeneratedFile {
    var printer = CodePrinter(.swift)
    printer.lines("public import CVirt", "public import VirtCore")
    for number in boundary.numbers("handle-class") {
      guard let handle = plan.types.handle(ofClass: number.name), isForDrivers(handle, plan) else { continue }
      printer.line()
      define(handle, number, plan, naming, &printer)
    }
    return printer.file("Sources/VirtDriverKit/Generated/Handles.swift")
  }

  /// Whether handles of the class hang on a connection, as those of drivers do.
  private static func isForDrivers(_ handle: HandleType, _ plan: Plan) -> Bool {
    var seen = 0
    var current = handle
    while current.parent != "none", let parent = plan.types.handle(ofClass: current.parent), seen < 8 {
      current = parent
      seen += 1
    }
    return plan.operations.contains { operation in
      operation.table == "connection"
        && operation.parameters.contains { plan.types.handle($0.parameter.type.base)?.classID == current.classID }
    }
  }

  private static func define(
    _ handle: HandleType, _ number: Boundary.Number, _ plan: Plan, _ naming: SwiftNaming, _ printer: inout CodePrinter
  ) {
    let type = naming.handle(handle)
    printer.documentation(handle.doc.isEmpty ? "A `\(handle.pointer)`." : handle.doc)
    printer.block("public struct \(type): Handle, @unchecked Sendable {") { printer in
      printer.lines(
        "/// `\(number.identifier)`", "@inlinable public static var classID: UInt32 { \(number.identifier) }",
        "/// The pointer that the application knows.", "public let pointer: OpaquePointer",
        "/// Wraps a live handle of this class.",
        "@inlinable public init(_ pointer: OpaquePointer) { self.pointer = pointer }")
      for (index, text) in handle.strings.enumerated() {
        let field = index == 0 ? "name" : "strings.\(index - 1)"
        printer.lines(
          "/// Its \(text); nil when it has none.",
          "@inlinable public var \(SwiftNaming.label(text)): BorrowedText? { BorrowedText(identity.pointee.\(field)) }")
      }
      if handle.hasUUID { printer.lines("/// Its UUID.", "@inlinable public var uuid: UUID { identity.pointee.uuidValue }") }
      if handle.hasID {
        printer.lines(
          "/// Its id while it runs, else -1. Setting it tells the application's handle.",
          "@inlinable public var id: Int32 { identity.pointee.id }", "/// Tells the application's handle its id.",
          "public func setID(_ id: Int32) { setIdentifier(id) }")
      }
      if let meaning = handle.number {
        printer.lines("/// Its \(meaning).", "public var \(SwiftNaming.label(meaning)): Int32 { identity.pointee.number }")
      }
      if let parent = plan.types.handle(ofClass: handle.parent), parent.parent != "none" {
        printer.lines(
          "/// The \(parent.classID) it belongs to. Borrowed.",
          "public var \(SwiftNaming.label(parent.classID)): \(naming.handle(parent))? { parentPointer.map { \(naming.handle(parent))($0) } }"
        )
      }
      if handle.parent != "none" && number.element["extra"] == nil { make(handle, plan, naming, &printer) }
    }
  }

  private static func make(_ handle: HandleType, _ plan: Plan, _ naming: SwiftNaming, _ printer: inout CodePrinter) {
    let type = naming.handle(handle)
    let parent = plan.types.handle(ofClass: handle.parent).flatMap { $0.parent == "none" ? nil : $0 }
    var parameters = [parent.map { "of parent: \(naming.handle($0))" } ?? "on connection: Connection"]
    parameters += handle.strings.map { "\(SwiftNaming.label($0)): some CText" }
    if handle.hasUUID { parameters.append("uuid: UUID") }
    if handle.hasID { parameters.append("id: Int32 = -1") }
    if let meaning = handle.number { parameters.append("\(SwiftNaming.label(meaning)): Int32") }
    printer.lines("", "/// Makes a handle with one reference, the caller's to give away.", "@inlinable @inline(__always)")
    printer.block("public static func make(\(parameters.joined(separator: ", "))) throws(VirtError) -> \(type) {") { printer in
      let number = handle.number.map { SwiftNaming.label($0) } ?? "0"
      printer.line(
        "var identity = virt_driver_identity(uuid: \(handle.hasUUID ? "uuid" : ".zero"), id: \(handle.hasID ? "id" : "-1"), number: \(number))"
      )
      nest(handle.strings, 0, &printer) { printer in
        let place = parent == nil ? "on: connection, parent: nil" : "on: parent.connection, parent: parent.pointer"
        printer.line("return try make(\(place), &identity)")
      }
    }
  }

  /// Sets one text after the other, each good inside its own closure.
  private static func nest(
    _ texts: [String], _ index: Int, _ printer: inout CodePrinter, _ inner: (inout CodePrinter) -> Void
  ) {
    guard index < texts.count else { return inner(&printer) }
    let label = SwiftNaming.label(texts[index])
    printer.block("return try \(label).withCText { (text\(index)) throws(VirtError) in") { printer in
      printer.line("identity.\(index == 0 ? "name" : "strings.\(index - 1)") = text\(index)")
      nest(texts, index + 1, &printer, inner)
    }
  }
}
