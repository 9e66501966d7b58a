import APIDescription
import BindingPlan
import CodePrinting

/// The enumerations as Python types: their names, and the tables from which they are made when first used.
struct PythonEnumerations {
  let names: PythonNames

  /// Those that have a name, of the libraries that Python reaches.
  var all: [Enumeration] {
    names.libraries.flatMap { names.plan.description.headers(of: $0) }.flatMap { $0.all(\.enumerations) }.filter { !$0.isAnonymous }
  }

  /// The name of the type: the C name without what all of them have.
  static func name(_ enumeration: Enumeration) -> String { enumeration.name.withoutLibraryPrefix }

  /// Names, numbers and values of the members: what the names have in common is left out.
  static func members(_ enumeration: Enumeration) -> [(name: String, number: Int, value: EnumerationValue)] {
    let common = SwiftNaming.wordsInCommon(enumeration)
    return enumeration.values.filter { !$0.isSentinel || $0.alias != nil }.map { value in
      let name =
        value.swiftName.map(upperCased(camel:)) ?? value.name.split(separator: "_").dropFirst(common).joined(separator: "_")
      return (escaped(name), number(value, of: enumeration), value)
    }
  }

  /// What a value is in Python: bits are not negative.
  static func number(_ value: EnumerationValue, of enumeration: Enumeration) -> Int {
    enumeration.isFlags && value.value < 0 ? value.value & 0xffff_ffff : value.value
  }

  private static func upperCased(camel name: String) -> String {
    name.reduce("") { $0 + ($1.isUppercase ? "_" : "") + $1.uppercased() }
  }

  /// A name that may be no name, or mean something else.
  private static func escaped(_ name: String) -> String {
    if name.first?.isNumber != false { return "_\(name)" }
    return keywords.contains(name) || ["name", "value", "mro"].contains(name) ? "\(name)_" : name
  }

  /// Whether a text can stand as a name.
  static func isName(_ text: String) -> Bool {
    text.first?.isNumber == false && !keywords.contains(text)
      && text.unicodeScalars.allSatisfy { $0 == "_" || $0.isASCII && $0.properties.isAlphabetic || ("0"..."9").contains($0) }
  }

  /// The words of the language.
  private static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise",
    "return", "try", "while", "with", "yield",
  ]

  // MARK: - Files

  /// The tables.
  func tables() -> GeneratedFile {
    var printer = CodePrinter(.python)
    printer.lines("\"\"\"By the name of a type: its C name, whether its values are bits, its members, what it is.\"\"\"", "")
    printer.block("TYPES = {", "}") { printer in
      for enumeration in all {
        let members = Self.members(enumeration).map { "\($0.name)=\($0.number)" }.joined(separator: " ")
        let doc = PythonProse.literal(enumeration.doc)
        printer.block("\"\(Self.name(enumeration))\": (", "),") { printer in
          printer.lines("\"\(enumeration.name)\", \(enumeration.isFlags ? "True" : "False"),", "\"\(members)\",", "\(doc),")
        }
      }
    }
    return printer.file("\(PythonStubEmitter.folder)/libvirt/_enumerations.py")
  }

  /// The stub.
  func stub() -> GeneratedFile {
    var printer = CodePrinter(.python)
    printer.lines(
      "\"\"\"A type for each enumeration. Its values are the numbers of the constants in libvirt.\"\"\"", "import enum", "")
    for enumeration in all {
      printer.block("class \(Self.name(enumeration))(enum.\(enumeration.isFlags ? "IntFlag" : "IntEnum")):", "") { printer in
        let doc = [enumeration.doc, "C: \(enumeration.name), since \(enumeration.since)."].filter { !$0.isEmpty }
        PythonProse.docstring(doc, to: &printer)
        for member in Self.members(enumeration) {
          printer.line("\(member.name) = \(member.number)")
          if !member.value.doc.isEmpty { PythonProse.docstring([member.value.doc], to: &printer) }
        }
      }
    }
    return printer.file("\(PythonStubEmitter.folder)/libvirt/enums.pyi")
  }
}
