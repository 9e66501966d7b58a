import APIDescription
import BindingPlan
import CodePrinting

/// Writes the Swift side of the driver boundary: a constructor and a C function per operation.
public enum SwiftOperationEmitter {
  private static let folder = "Sources/VirtDriverKit/Generated/"

  /// The kit's generated files.
  public static func files(_ plan: Plan) -> [GeneratedFile] {
    guard let boundary = Boundary(plan.description) else { return [] }
    let naming = SwiftNaming(boundary)
    var topics: [String: [SwiftSignature]] = [:]
    var boxes: [String: String] = [:]
    let own = plan.operations.filter { $0.table != "admin" && boundary.owners[$0.operation.name] == nil }
    for signature in signatures(own, plan) {
      topics[topic(of: signature.plan, plan), default: []].append(signature)
      boxes[signature.boxName] = signature.boxType
    }
    var files = topics.sorted { $0.key < $1.key }.map { file($0.key, $0.value, plan) }
    files.append(boxFile(boxes))
    files.append(readingFile(own, plan))
    files.append(SwiftHandleEmitter.file(plan, boundary, naming))
    files.append(SwiftEventEmitter.file(plan, boundary))
    return files
  }

  /// Operations as Swift methods; without those whose parameters cannot be carried to Swift.
  static func signatures(_ operations: [OperationPlan], _ plan: Plan) -> [SwiftSignature] {
    guard let boundary = Boundary(plan.description) else { return [] }
    let naming = SwiftNaming(boundary)
    let flagTypes = Set(plan.description.topics.flatMap(\.enumerations).filter { $0.isFlags && !$0.isAnonymous }.map(\.name))
    return operations.compactMap { SwiftSignature($0, naming, plan.types, flagTypes: flagTypes) }
  }

  /// The file an operation is in: that of its public function's topic, else of its group.
  private static func topic(of operation: OperationPlan, _ plan: Plan) -> String {
    guard let name = operation.operation.function,
      let call = plan.calls.first(where: { $0.function.name == name })
    else { return camelCased(operation.operation.group) + "Internal" }
    let header = call.header.name.hasPrefix("libvirt-") ? String(call.header.name.dropFirst(8)) : call.header.name
    return camelCased(header) + (header == call.topic ? "" : camelCased(call.topic))
  }

  private static func boxFile(_ boxes: [String: String]) -> GeneratedFile {
    var printer = CodePrinter(.swift)
    printer.lines(
      "public import CVirt", "public import VirtCore", "",
      "// Boxes around methods, one class per shape. A box's method is constant and the box lives for ever, so that calling it",
      "// counts no references.")
    for (name, type) in boxes.sorted(by: { $0.key < $1.key }) {
      printer.line()
      printer.block("@usableFromInline final class \(name): Sendable {") { printer in
        printer.line("let call: @Sendable \(type)")
        printer.line("@usableFromInline init(_ call: @escaping @Sendable \(type)) { self.call = call }")
      }
    }
    return printer.file(folder + "Boxes.swift")
  }

  /// The list of the operations that change nothing: those that a read-only connection may use.
  private static func readingFile(_ operations: [OperationPlan], _ plan: Plan) -> GeneratedFile {
    let allowed = Set(plan.calls.lazy.map(\.function).filter { !$0.isDeniedReadOnly }.map(\.name))
    var printer = CodePrinter(.swift)
    printer.lines("internal import CVirt", "")
    printer.block("extension WatchedOperation {") { printer in
      printer.documentation("The operations of connections that a read-only connection may use: they change nothing.")
      printer.block("public static var reading: [WatchedOperation] {") { printer in
        printer.line("[")
        printer.indented { printer in
          for operation in operations where operation.table == "connection" {
            guard let function = operation.operation.function, allowed.contains(function) else { continue }
            printer.line("WatchedOperation(\(operation.identifier)),")
          }
        }
        printer.line("]")
      }
    }
    return printer.file(folder + "ReadingOperations.swift")
  }

  private static func file(_ topic: String, _ signatures: [SwiftSignature], _ plan: Plan) -> GeneratedFile {
    var printer = CodePrinter(.swift)
    printer.lines("public import CVirt", "public import VirtCore")
    for table in ["connection", "stream"] {
      let mine = signatures.filter { $0.plan.table == table }
      if mine.isEmpty { continue }
      printer.line()
      printer.block("extension Operation where Driver: \(table == "stream" ? "VirtStream" : "VirtDriver") {") { printer in
        for (index, signature) in mine.enumerated() {
          if index > 0 { printer.line() }
          constructor(signature, plan, &printer)
          if signature.generic == nil { flatConstructor(signature, &printer) }
        }
      }
    }
    for signature in signatures {
      printer.line()
      function(signature, &printer)
    }
    return printer.file("\(folder)Operations/\(topic).swift")
  }

  private static func constructor(_ signature: SwiftSignature, _ plan: Plan, _ printer: inout CodePrinter) {
    let operation = signature.plan.operation
    let name = operation.name
    let prose = operation.function.flatMap { function in plan.calls.first { $0.function.name == function }?.function.doc }
    if let prose, !prose.isEmpty {
      printer.documentation(prose)
    } else if !operation.doc.isEmpty {
      printer.documentation(operation.doc)
    }
    printer.documentation(operation.function.map { "Behind `\($0)()`." } ?? "The operation `\(name)`.")
    if !signature.arguments.isEmpty {
      printer.line("///")
      printer.documentation("Takes: " + signature.arguments.map { "\($0.label)" }.joined(separator: ", ") + ".")
    }
    let types = signature.arguments.map(\.type).joined(separator: ", ")
    let generic = signature.generic
    let result = generic.map(\.placeholder) ?? signature.resultType
    printer.line("@inlinable @inline(__always)")
    printer.list(
      "public static func \(name)\(generic.map { "<\($0.placeholder): \($0.requirement) & ~Copyable>" } ?? "")(",
      ["_ method: @escaping @Sendable (Driver) -> (\(types)) throws(VirtError) -> \(result)"], ") -> Operation {")
    let parameters = (["object"] + signature.arguments.indices.map { "value\($0)" }).joined(separator: ", ")
    let arguments = zip(signature.arguments.indices, signature.arguments).map { index, argument in
      argument.type.hasPrefix("inout ") ? "&value\(index)" : "value\(index)"
    }
    printer.indented { printer in
      printer.block(
        "Operation(generated: \(signature.plan.identifier), \(name)Function, \(signature.boxName) { (\(parameters)) throws(VirtError) in",
        "})"
      ) { printer in
        let call = "method(unsafeDowncast(object, to: Driver.self))(\(arguments.joined(separator: ", ")))"
        printer.line("try \(call)\(generic.map { ".\($0.conversion)()" } ?? "")")
      }
    }
    printer.line("}")
  }

  /// The same for a function that takes the driver like its other arguments: a method that is bound to a driver keeps it, and
  /// threads that share a connection would all count there.
  private static func flatConstructor(_ signature: SwiftSignature, _ printer: inout CodePrinter) {
    let name = signature.plan.operation.name
    let types = (["Driver"] + signature.arguments.map(\.type)).joined(separator: ", ")
    let values = signature.arguments.indices.map { "value\($0)" }
    let given = zip(values, signature.arguments).map { $1.type.hasPrefix("inout ") ? "&\($0)" : $0 }
    printer.lines("", "/// The same, without counting a reference to the driver.", "@inlinable @inline(__always)")
    printer.list(
      "public static func \(name)(",
      ["calling function: @escaping @Sendable (\(types)) throws(VirtError) -> \(signature.resultType)"], ") -> Operation {")
    printer.indented { printer in
      printer.block(
        "Operation(generated: \(signature.plan.identifier), \(name)Function, \(signature.boxName) { (\((["object"] + values).joined(separator: ", "))) throws(VirtError) in",
        "})"
      ) { printer in
        printer.line("try function(\((["unsafeDowncast(object, to: Driver.self)"] + given).joined(separator: ", ")))")
      }
    }
    printer.line("}")
  }

  private static func function(_ signature: SwiftSignature, _ printer: inout CodePrinter) {
    let name = signature.plan.operation.name
    let types = (["UnsafeMutableRawPointer?"] + signature.cParameters.map(\.type)).joined(separator: ", ")
    printer.block("@usableFromInline var \(name)Function: @convention(c) () -> Void {") { printer in
      printer.line("unsafeBitCast(\(name) as @convention(c) (\(types)) -> Int32, to: (@convention(c) () -> Void).self)")
    }
    let used = Set(signature.guards)
    let parameters =
      ["_ driver: UnsafeMutableRawPointer?"] + signature.cParameters.map { "_ \(SwiftNaming.escaped($0.name)): \($0.type)" }
    printer.list("private func \(name)(", parameters, ") -> Int32 {")
    printer.indented { printer in
      if !used.isEmpty {
        let bindings = signature.guards.map { "let \($0)" }.joined(separator: ", ")
        printer.line("guard \(bindings) else { return refuseCall() }")
      }
      printer.block(
        "return callBody(driver, \(signature.plan.identifier), \(signature.boxName).self\(signature.subject.map { ", \($0)" } ?? "")\(signature.made.map { ", made: \($0)" } ?? "")) { (body, object) throws(VirtError) in"
      ) { printer in
        for statement in signature.before { printer.line(statement) }
        let call = "try body.call(\((["object"] + signature.call).joined(separator: ", ")))"
        printer.line(signature.results.isEmpty ? call : "let answer = \(call)")
        for statement in signature.making + signature.giving { printer.line(signature.resolved(statement)) }
      }
    }
    printer.line("}")
  }
}
