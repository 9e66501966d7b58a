import APIDescription
import BindingPlan
import CodePrinting

/// Writes `virt-driver.h`: all that driver and host say to each other, but for operations and events.
public enum DriverHeaderEmitter {
  static let folder = "Sources/CVirt/Generated/libvirt/"

  /// The driver boundary's headers.
  public static func files(_ plan: Plan) -> [GeneratedFile] {
    guard let boundary = Boundary(plan.description) else { return [] }
    return [header(plan, boundary)] + OperationHeaderEmitter.files(plan, boundary)
      + [EventHeaderEmitter.file(plan, boundary), KitServicesEmitter.file(boundary)]
  }

  private static func header(_ plan: Plan, _ boundary: Boundary) -> GeneratedFile {
    var printer = CodePrinter(.c)
    printer.comment(
      [
        "The driver boundary of the library, ABI \(boundary.major).\(boundary.minor): everything a driver and its host say to"
          + " each other, in C11 or C++17."
      ] + boundary.paragraphs)
    printer.lines(
      "#ifndef VIRT_DRIVER_H", "#define VIRT_DRIVER_H", "", "#include <stddef.h>", "#include <stdint.h>",
      "#include <string.h>", "#include <libvirt/libvirt.h>", "#include <libvirt/virterror.h>", "")
    openC(&printer)
    let release = plan.description.release
    let hash = Fingerprint.of(plan, boundary)
    printer.lines(
      "#define VIRT_DRIVER_ABI_MAJOR \(boundary.major)u", "#define VIRT_DRIVER_ABI_MINOR \(boundary.minor)u",
      "/* The API release this header belongs to. */", "#define VIRT_DRIVER_API_VERSION \(release.number)u",
      "/* Fingerprint of this contract. */", "#define VIRT_DRIVER_CONTRACT_HASH_0 0x\(hash.low)u",
      "#define VIRT_DRIVER_CONTRACT_HASH_1 0x\(hash.high)u", "")
    for section in boundary.sections {
      rule(section.name, &printer)
      printer.comment(section.doc)
      printer.line()
      items(of: section, plan, &printer)
      if section.items.contains(where: { if case .noteKey = $0 { true } else { false } }) { printNoteMacros(&printer) }
      if section.items.contains(where: isNegotiation) { printOperationMacros(&printer) }
    }
    printServices(boundary, &printer)
    closeC(&printer)
    printer.lines(
      "", "#include <libvirt/virt-driver-operations.h>", "#include <libvirt/virt-driver-events.h>", "", "#endif")
    return printer.file(folder + "virt-driver.h")
  }

  /// Whether the item is the type of the one function that drivers export.
  private static func isNegotiation(_ item: Boundary.Item) -> Bool {
    if case .functionType(let element) = item { element.flag("exported") } else { false }
  }

  private static func items(of section: Boundary.Section, _ plan: Plan, _ printer: inout CodePrinter) {
    var keys: [Element] = []
    var words: [Element] = []
    for (index, item) in section.items.enumerated() {
      switch item {
      case .constant(let element):
        printer.comment(sinceText(element))
        let value = element["string"].map { "\"\($0)\"" } ?? element.required("value")
        printer.line("#define \(element.required("name")) \(value)")
        if case .constant? = section.items.dropFirst(index + 1).first {} else { printer.line() }
      case .structure(let element): structure(element, &printer)
      case .functionType(let element): functionType(element.required("name"), element, &printer)
      case .service(let element):
        functionType("virt_service_\(element.required("name"))", element, &printer) { printer in
          printer.line("#define \(serviceIdentifier(element)) \(element.required("id"))u")
        }
      case .number(let number):
        printer.comment(describe(number, plan))
        printer.line("#define \(number.identifier) \(number.literal)")
      case .noteKey(let element): keys.append(element)
      case .matchWord(let element): words.append(element)
      }
    }
    if case .number? = section.items.last { printer.line() }
    records("Records of the note's text, `key=value`. A reader skips keys it does not know.", keys, &printer)
    records("Words of a match rule.", words, &printer)
  }

  private static func records(_ title: String, _ elements: [Element], _ printer: inout CodePrinter) {
    guard !elements.isEmpty else { return }
    printer.comment(
      [title]
        + elements.map { element in
          var notes = ["since \(element.required("since"))"]
          if element.flag("required") { notes.append("required") }
          if element.flag("repeats") { notes.append("may be repeated") }
          return "  \(element.required("name")): \(element.doc) (\(notes.joined(separator: "; ")))"
        })
    printer.line()
  }

  private static func structure(_ element: Element, _ printer: inout CodePrinter) {
    printer.comment(sinceText(element))
    guard !element.flag("opaque") else {
      printer.lines("struct \(element.required("name"));", "")
      return
    }
    printer.block("struct \(element.required("name")) {", "};") { printer in
      for field in element.all("field") {
        printer.comment("\(field.doc) Since \(field["since"] ?? element.required("since")).")
        printer.line(declaration(field.required("type"), field.required("name"), length: field["length"]) + ";")
      }
    }
    printer.line()
  }

  private static func functionType(
    _ name: String, _ element: Element, _ printer: inout CodePrinter, _ middle: (inout CodePrinter) -> Void = { _ in }
  ) {
    let documented = element.all("parameter").filter { !$0.doc.isEmpty }
    printer.comment(
      [sinceText(element)] + documented.map { "  \($0.required("name")): \($0.doc)" })
    middle(&printer)
    let parameters = element.all("parameter").map { declaration($0.required("type"), $0.required("name")) }
    printer.list(
      "typedef \(declaration(element.first("returns")?.required("type") ?? "void", name))(",
      parameters.isEmpty ? ["void"] : parameters, ");")
    printer.line()
  }

  private static func describe(_ number: Boundary.Number, _ plan: Plan) -> String {
    let since = " Since \(number.element.required("since"))."
    guard number.list == "handle-class", let handle = plan.types.handle(ofClass: number.name) else {
      let kind = number.list.prefix(1).uppercased() + number.list.dropFirst().map { $0 == "-" ? " " : $0 }
      return "\(kind): \(number.element.doc)\(since)"
    }
    var parts: [String] = []
    if !handle.strings.isEmpty { parts.append("texts " + handle.strings.joined(separator: ", ")) }
    if handle.hasUUID { parts.append("a UUID") }
    if handle.hasID { parts.append("an id") }
    if let meaning = handle.number { parts.append("number is the \(meaning)") }
    if handle.parent != "none" && handle.parent != "connection" { parts.append("parent \(handle.parent)") }
    return "Class of \(handle.pointer)\(parts.isEmpty ? "" : ": " + parts.joined(separator: "; ")).\(since)"
  }

  /// The element's own text and the ABI version it came with.
  static func sinceText(_ element: Element) -> String { "\(element.doc) Since \(element.required("since"))." }

  /// The C name of a service's number.
  static func serviceIdentifier(_ element: Element) -> String { "VIRT_SERVICE_\(upperCased(element.required("name")))" }

  /// A heading.
  static func rule(_ title: String, _ printer: inout CodePrinter) {
    let text = title.prefix(1).uppercased() + title.dropFirst()
    printer.lines("/* ---- \(text) \(String(repeating: "-", count: max(0, 108 - text.count))) */", "")
  }

  /// Begins what C++ is to read as C.
  static func openC(_ printer: inout CodePrinter) {
    printer.lines("#ifdef __cplusplus", "extern \"C\" {", "#endif", "")
  }

  /// Ends it.
  static func closeC(_ printer: inout CodePrinter) { printer.lines("#ifdef __cplusplus", "}", "#endif") }

  /// A C declaration; function pointers have their name inside.
  static func declaration(_ type: String, _ name: String, length: String? = nil) -> String {
    let array = length.map { "[\($0)]" } ?? ""
    if let range = type.firstRange(of: "(*)") {
      return type[..<range.lowerBound] + "(*\(name))" + type[range.upperBound...] + array
    }
    return CType(type).declaring(name) + array
  }
}
