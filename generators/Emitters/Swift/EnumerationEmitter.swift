import APIDescription
import BindingPlan
import CodePrinting

/// Writes the API's enumerations and sets of flags as Swift types, one file per header.
public enum EnumerationEmitter {
  /// The files.
  public static func files(_ plan: Plan) -> [GeneratedFile] {
    guard let boundary = Boundary(plan.description) else { return [] }
    let naming = SwiftNaming(boundary)
    return plan.description.headers.compactMap { header in
      let enumerations = header.all(\.enumerations).filter { !$0.isAnonymous }
      return enumerations.isEmpty ? nil : file(header, enumerations, naming)
    }
  }

  private static func file(_ header: Header, _ enumerations: [Enumeration], _ naming: SwiftNaming) -> GeneratedFile {
    var printer = CodePrinter(.swift)
    for enumeration in enumerations {
      printer.line()
      if enumeration.isFlags { flags(enumeration, naming, &printer) } else { values(enumeration, naming, &printer) }
    }
    let name = header.name.hasPrefix("libvirt-") ? String(header.name.dropFirst(8)) : header.name
    return printer.file("Sources/VirtCore/Generated/\(camelCased(name))Values.swift")
  }

  private static func values(_ enumeration: Enumeration, _ naming: SwiftNaming, _ printer: inout CodePrinter) {
    let type = naming.enumeration(enumeration.name)
    printer.documentation(text(enumeration))
    printer.block("public struct \(type): RawRepresentable, Hashable, Sendable {") { printer in
      printer.lines(
        "/// The number of the C enumerator.", "public let rawValue: Int32",
        "/// Wraps any number, also one this release does not name.",
        "@inlinable public init(rawValue: Int32) { self.rawValue = rawValue }")
      for (name, value) in naming.values(of: enumeration) where !value.isSentinel {
        printer.documentation(text(value))
        printer.line("@inlinable public static var \(name): \(type) { \(type)(rawValue: \(value.value)) }")
      }
    }
  }

  private static func flags(_ enumeration: Enumeration, _ naming: SwiftNaming, _ printer: inout CodePrinter) {
    let type = naming.enumeration(enumeration.name)
    printer.documentation(text(enumeration))
    printer.block("public struct \(type): OptionSet, Hashable, Sendable {") { printer in
      printer.lines(
        "/// The bits, also those this release does not name.", "public let rawValue: UInt32",
        "/// Wraps any bits.", "@inlinable public init(rawValue: UInt32) { self.rawValue = rawValue }")
      for (name, value) in naming.values(of: enumeration) where !value.isSentinel {
        printer.documentation(text(value))
        let bits = UInt32(truncatingIfNeeded: value.value)
        printer.line("@inlinable public static var \(name): \(type) { \(type)(rawValue: \(bits)) }")
      }
      let known = enumeration.values.filter { !$0.isSentinel }.reduce(UInt32(0)) {
        $0 | UInt32(truncatingIfNeeded: $1.value)
      }
      printer.lines(
        "/// Every bit this release names.", "@inlinable public static var known: \(type) { \(type)(rawValue: \(known)) }")
    }
  }

  private static func text(_ enumeration: Enumeration) -> String {
    enumeration.doc.isEmpty ? "`\(enumeration.name)`" : "\(enumeration.doc) C: `\(enumeration.name)`."
  }

  private static func text(_ value: EnumerationValue) -> String {
    value.doc.isEmpty ? "`\(value.name)`" : "\(value.doc) C: `\(value.name)`."
  }
}
